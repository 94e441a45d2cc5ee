// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.runner.config.RunConfig.KernelsKey;

/** Opens the kernels that a configuration names. */
public final class ChosenKernels {
    private ChosenKernels() {}

    /**
     * @param threads 0 for one on each core
     * @throws WiringException if this machine cannot run the kernels that were asked for by name
     */
    public static Kernels open(KernelsKey key, int threads) {
        KernelsChoice choice = KernelsChoice.valueOf(key.name());
        try {
            return choice.open(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        } catch (UnsupportedOperationException e) {
            throw new WiringException(
                    "kernels = " + choice + ": " + e.getMessage() + " Set kernels = auto or reference.", e);
        }
    }
}
