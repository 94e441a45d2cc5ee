// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/**
 * Where a NaN or an infinity was found.
 *
 * @param tensor name of the tensor
 * @param rows its rows with such numbers, ascending
 */
public record NonFiniteRows(String tensor, int[] rows) {
    /** Looks through the first {@code rows} rows of a tensor; cheap where all is well. */
    public static Optional<NonFiniteRows> find(Kernels kernels, String name, Tensor t, int rows) {
        int first = kernels.firstNonFiniteRow(t, rows);
        if (first < 0) {
            return Optional.empty();
        }
        double[] row = new double[t.columns()];
        int[] found = IntStream.range(first, rows)
                .filter(r -> {
                    kernels.readRow(t, r, row);
                    return !Arrays.stream(row).allMatch(Double::isFinite);
                })
                .toArray();
        return Optional.of(new NonFiniteRows(name, found));
    }
}
