// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Windows on the memory of an array, made by shape and strides: ND4J's own {@code get} and {@code reshape} may copy without a word. */
final class Views {
    private Views() {}

    /**
     * @param first position in the array where the window begins
     * @param strides in numbers, one for each dimension of {@code shape}
     */
    static INDArray of(INDArray array, long first, long[] shape, long[] strides) {
        return Nd4j.create(array.data(), shape, strides, array.offset() + first, 'c');
    }

    /** A matrix whose rows follow one another. */
    static INDArray matrix(INDArray array, long first, long rows, long columns) {
        return of(array, first, new long[] {rows, columns}, new long[] {columns, 1});
    }

    static INDArray vector(INDArray array, long first, long length) {
        return of(array, first, new long[] {length}, new long[] {1});
    }

    /**
     * Heads of a matrix as {@code [segments, heads, rows, headSize]}: where rows of segments follow one another.
     *
     * @param width numbers from one row of the matrix to the next
     * @param headStride numbers from one head to the next
     */
    static INDArray heads(
            INDArray array,
            long first,
            long segments,
            long heads,
            long rows,
            long headSize,
            long width,
            long headStride) {
        return of(array, first, new long[] {segments, heads, rows, headSize}, new long[] {
            rows * width, headStride, width, 1
        });
    }
}
