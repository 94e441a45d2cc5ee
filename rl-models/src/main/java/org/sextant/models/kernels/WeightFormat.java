// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** How the numbers of a weight are held in memory; arithmetic is the kernels' own in any case. */
public enum WeightFormat {
    /** The kernels' own type: trainable. */
    FLOAT,

    /**
     * bfloat16, the upper half of a float32 (8 bits of precision), rounded to nearest even when written: half the
     * memory for weights that are only read, such as a reference model or the base under adapters.
     */
    BF16
}
