// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.runner.config.RunConfig.KernelsKey;

/** Opens the kernels that a configuration names. */
public final class ChosenKernels {
    private ChosenKernels() {}

    /** @param threads 0 for one on each core */
    public static Kernels open(KernelsKey key, int threads) {
        return new ReferenceKernels();
    }
}
