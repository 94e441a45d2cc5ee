// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** B [depth, columns] of a product, in whatever order it lies in memory. */
interface RightOperand {
    /**
     * Copies rows {@code k … k + depth - 1} and {@link GemmTiles#WIDTH} columns from {@code column} on to
     * {@code right[depth][WIDTH]}, zero past the last column.
     */
    void copy(int k, int depth, int column, float[] right);
}
