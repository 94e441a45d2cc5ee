// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** B [depth, columns] of a product, in whatever order it lies in memory. */
interface RightOperand {
    /**
     * Copies rows {@code k … k + depth - 1} and {@link GemmTiles#WIDTH} columns from {@code column} on to
     * {@code right[depth][WIDTH]}, zero past the last column.
     */
    void copy(int k, int depth, int column, float[] right);

    /** Address of what {@link #copy} would copy if it lies in that order already, in bfloat16 or not; 0 otherwise. */
    default long inPlace(int k, int column) {
        return 0;
    }

    /** Whether what lies {@link #inPlace} is bfloat16. */
    default boolean isHalf() {
        return false;
    }

    /** Rows to be multiplied before the next are prepared. */
    default int depthAtOnce(int depth) {
        return depth;
    }

    /** Says that rows {@code k … k + depth - 1} are needed next; called by one thread. */
    default void prepare(int k, int depth) {}
}
