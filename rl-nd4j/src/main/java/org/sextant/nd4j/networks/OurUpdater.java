// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.nio.file.Path;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.optimiser.Optimiser;
import org.sextant.nd4j.kernels.Nd4jKernels;

/** {@link AdamW} over a graph's weights, with kernels of its own: the run's may be others. */
final class OurUpdater implements Optimiser {
    private final Nd4jKernels kernels;
    private final AdamW adamW;

    OurUpdater(GraphNetwork network, OptimiserSettings settings, long totalSteps) {
        kernels = new Nd4jKernels(network.threads());
        adamW = new AdamW(
                GraphWeights.trained(network.graph(), network.gradients().sum()), settings, totalSteps, kernels);
    }

    @Override
    public long steps() {
        return adamW.steps();
    }

    @Override
    public long bytes() {
        return adamW.bytes();
    }

    @Override
    public Step step() {
        return adamW.step();
    }

    @Override
    public void save(Path file) {
        adamW.save(file);
    }

    @Override
    public void load(Path file) {
        adamW.load(file);
    }

    @Override
    public void close() {
        adamW.close();
        kernels.close();
    }
}
