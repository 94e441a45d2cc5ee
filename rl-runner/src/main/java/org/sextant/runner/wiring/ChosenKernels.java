// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;

/** Opens the kernels that a configuration or a command names. */
public final class ChosenKernels {
    private ChosenKernels() {}

    /**
     * The caller closes them.
     *
     * @param threads 0 for one on each core
     * @throws IllegalArgumentException if they were asked for by name and cannot run here
     */
    public static Kernels open(KernelsChoice choice, Device device, int threads) {
        try {
            return choice.open(threads > 0 ? threads : Runtime.getRuntime().availableProcessors(), device);
        } catch (UnsupportedOperationException e) {
            throw new IllegalArgumentException(
                    "kernels = " + choice + " cannot be had on device = " + device + ": " + e.getMessage()
                            + " Use kernels = auto" + (device == Device.CUDA ? " with device = auto." : "."),
                    e);
        }
    }
}
