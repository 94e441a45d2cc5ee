// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Locale;

/** Where to compute: the values of the configuration key {@code device}. */
public enum Device {
    /** A GPU where the chosen kernels can use one here, else the CPU. */
    AUTO,
    /** The CPU; nothing of a GPU is touched. */
    CPU,
    /** An NVIDIA GPU; without one, opening fails. */
    CUDA;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
