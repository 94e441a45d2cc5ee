// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which kernels to compute with: the values of the configuration key {@code kernels}. */
public enum KernelsChoice {
    /** {@link #VECTOR} where this machine can, else {@link #REFERENCE}. */
    AUTO,
    /** {@link VectorKernels}; opening fails where they cannot run. */
    VECTOR,
    /** {@link ReferenceKernels}. */
    REFERENCE;

    private static final String MODULE = "jdk.incubator.vector";

    /** Reads {@code auto}, {@code vector} or {@code reference}. */
    public static KernelsChoice of(String name) {
        for (KernelsChoice choice : values()) {
            if (choice.toString().equals(name)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("kernels = " + name + " is none of " + List.of(values()));
    }

    /** Why the vector kernels cannot run in this process, as one sentence; empty if they can. */
    public static Optional<String> whyNotVector() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("The vector kernels need the JVM flag --add-modules " + MODULE + ".");
        }
        return VectorSupport.whyNot();
    }

    /**
     * Opens the kernels; the caller closes them.
     *
     * @param threads at least 1; the reference kernels use one in any case
     * @throws UnsupportedOperationException if {@link #VECTOR} was asked for and cannot run; the message is the reason
     */
    public Kernels open(int threads) {
        Optional<String> obstacle = this == REFERENCE ? Optional.empty() : whyNotVector();
        if (this == VECTOR && obstacle.isPresent()) {
            throw new UnsupportedOperationException(obstacle.get());
        }
        return this == REFERENCE || obstacle.isPresent() ? new ReferenceKernels() : VectorSupport.open(threads);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
