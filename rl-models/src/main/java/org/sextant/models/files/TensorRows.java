// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.util.List;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;

/**
 * Rows of a tensor in memory that are a tensor of their own in a file.
 *
 * @param name name in the file
 * @param tensor where the rows are
 * @param firstRow the first of them
 * @param rows how many
 * @param vector whether the file's tensor has one dimension
 */
public record TensorRows(String name, Tensor tensor, int firstRow, int rows, boolean vector) {
    /**
     * The parts of a parameter, for its value or something of the same shape (a moment of the optimiser).
     *
     * @param prefix put before each name
     */
    public static List<TensorRows> of(String prefix, Parameter parameter, Tensor tensor) {
        return parameter.parts().stream()
                .map(part -> new TensorRows(prefix + part.name(), tensor, part.firstRow(), part.rows(), part.vector()))
                .toList();
    }

    /** Shape in the file. */
    List<Long> shape() {
        return vector ? List.of((long) tensor.columns()) : List.of((long) rows, (long) tensor.columns());
    }

    long numbers() {
        return (long) rows * tensor.columns();
    }
}
