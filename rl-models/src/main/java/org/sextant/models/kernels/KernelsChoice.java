// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** Which kernels to compute with: a value of the configuration key {@code kernels}, {@code auto} or a {@link KernelsProvider}'s name. */
public record KernelsChoice(String name) {
    /** {@link #VECTOR} where this machine can, else {@link #REFERENCE}; where a GPU is wanted, kernels that can use it. */
    public static final KernelsChoice AUTO = new KernelsChoice("auto");

    /** {@link VectorKernels}; opening fails where they cannot run. */
    public static final KernelsChoice VECTOR = new KernelsChoice("vector");

    /** {@link ReferenceKernels}. */
    public static final KernelsChoice REFERENCE = new KernelsChoice("reference");

    /** Every name that may be chosen. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of(AUTO.name));
        names.addAll(providers().keySet());
        return names;
    }

    /** Every kind of kernels that is on the class path, by name, in the order of the class path. */
    public static Map<String, KernelsProvider> providers() {
        Map<String, KernelsProvider> found = new LinkedHashMap<>();
        for (KernelsProvider provider : ServiceLoader.load(KernelsProvider.class)) {
            KernelsProvider first = found.putIfAbsent(provider.name(), provider);
            if (first != null) {
                throw new IllegalStateException("two kinds of kernels are named '" + provider.name() + "': "
                        + first.getClass().getName() + " and "
                        + provider.getClass().getName() + "; leave one of the jars out");
            }
        }
        return found;
    }

    /** Reads one of {@link #names}. */
    public static KernelsChoice of(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException("kernels = " + name + " is none of " + names());
        }
        return new KernelsChoice(name);
    }

    /** Why the vector kernels cannot run in this process, as one sentence; empty if they can. */
    public static Optional<String> whyNotVector() {
        return new VectorKernelsProvider().whyNot(Device.CPU);
    }

    /** Opens the kernels on the CPU, or on what they choose. */
    public Kernels open(int threads) {
        return open(threads, Device.AUTO);
    }

    /**
     * Opens the kernels; the caller closes them.
     *
     * @param threads at least 1; the reference kernels use one in any case
     * @throws UnsupportedOperationException if they cannot run here, or not on that device; the message is the reason
     */
    public Kernels open(int threads, Device device) {
        KernelsProvider provider = this.equals(AUTO) ? best(device) : provider();
        Optional<String> obstacle = provider.whyNot(device);
        if (obstacle.isPresent()) {
            throw new UnsupportedOperationException(obstacle.get());
        }
        return provider.open(threads, device);
    }

    private KernelsProvider provider() {
        KernelsProvider provider = providers().get(name);
        if (provider == null) {
            throw new UnsupportedOperationException("No kernels named '" + name + "' are on the class path.");
        }
        return provider;
    }

    /** A GPU that is not asked for is not looked for. */
    private static KernelsProvider best(Device device) {
        if (device != Device.CUDA) {
            return whyNotVector().isEmpty() ? new VectorKernelsProvider() : new ReferenceKernelsProvider();
        }
        List<String> obstacles = new ArrayList<>();
        for (KernelsProvider provider : providers().values()) {
            Optional<String> obstacle = provider.whyNot(device);
            if (obstacle.isEmpty()) {
                return provider;
            }
            obstacles.add(obstacle.get());
        }
        throw new UnsupportedOperationException(String.join(" ", obstacles));
    }

    @Override
    public String toString() {
        return name;
    }
}
