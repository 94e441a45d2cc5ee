// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.util.List;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Parameter.Form;

/**
 * Rows of a tensor in memory that are a tensor of their own in a file.
 *
 * @param name name in the file
 * @param tensor where the rows are
 * @param firstRow the first of them
 * @param rows how many
 * @param form how the file stores them
 */
public record TensorRows(String name, Tensor tensor, int firstRow, int rows, Form form) {
    /**
     * The parts of a parameter, for its value or something of the same shape (a moment of the optimiser).
     *
     * @param prefix put before each name
     */
    public static List<TensorRows> of(String prefix, Parameter parameter, Tensor tensor) {
        return parameter.parts().stream()
                .map(part -> new TensorRows(prefix + part.name(), tensor, part.firstRow(), part.rows(), part.form()))
                .toList();
    }

    /** Shape in the file. */
    List<Long> shape() {
        return switch (form) {
            case MATRIX -> List.of((long) rows, (long) tensor.columns());
            case TRANSPOSED -> List.of((long) tensor.columns(), (long) rows);
            case VECTOR -> List.of(numbers());
        };
    }

    /** Where a number is in the file, counted from 0. */
    List<Integer> place(int row, int column) {
        return switch (form) {
            case MATRIX -> List.of(row, column);
            case TRANSPOSED -> List.of(column, row);
            case VECTOR -> List.of(row * tensor.columns() + column);
        };
    }

    /** The same under another name. */
    public TensorRows named(String other) {
        return new TensorRows(other, tensor, firstRow, rows, form);
    }

    int columns() {
        return tensor.columns();
    }

    long numbers() {
        return (long) rows * tensor.columns();
    }
}
