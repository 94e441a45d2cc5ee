// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;

/** {@link ReferenceKernels} as a choice. */
public final class ReferenceKernelsProvider implements KernelsProvider {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String summary() {
        return "plain Java in double precision, one thread; the oracle of the others, and runs anywhere";
    }

    @Override
    public Optional<String> whyNot(Device device) {
        return device == Device.CUDA ? Optional.of("The reference kernels compute on the CPU.") : Optional.empty();
    }

    @Override
    public Kernels open(int threads, Device device) {
        return new ReferenceKernels();
    }
}
