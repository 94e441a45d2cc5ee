// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;

/** {@link VectorKernels} as a choice. */
public final class VectorKernelsProvider implements KernelsProvider {
    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String summary() {
        return "Vector API on the CPU, float32, all cores; the fast ones";
    }

    @Override
    public Optional<String> whyNot(Device device) {
        if (device == Device.CUDA) {
            return Optional.of("The vector kernels compute on the CPU.");
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("The vector kernels need the JVM flag --add-modules " + MODULE + ".");
        }
        return VectorSupport.whyNot();
    }

    @Override
    public Kernels open(int threads, Device device) {
        return VectorSupport.open(threads);
    }
}
