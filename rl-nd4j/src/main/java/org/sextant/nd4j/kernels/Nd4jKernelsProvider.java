// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.Optional;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsProvider;
import org.sextant.nd4j.backend.Backend;

/** {@link Nd4jKernels} as a choice. */
public final class Nd4jKernelsProvider implements KernelsProvider {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public String summary() {
        return "ND4J operations, float32, on the CPU or with -Pcuda on an NVIDIA GPU; the portable ones";
    }

    @Override
    public Optional<String> whyNot(Device device) {
        return Backend.whyNot(device);
    }

    /** The number of threads holds for all that ND4J computes in this process. */
    @Override
    public Kernels open(int threads, Device device) {
        Backend backend = Backend.use(device);
        backend.useThreads(threads);
        return new Nd4jKernels(threads, backend);
    }
}
