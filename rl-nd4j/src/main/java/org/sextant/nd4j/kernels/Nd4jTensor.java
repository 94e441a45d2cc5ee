// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Shapes;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** A row-major matrix in an ND4J array of floats, or of bfloat16 for a weight that is held so. */
public final class Nd4jTensor implements Tensor {
    /** Windows kept for the next call; a step asks for the same few over and over. */
    private static final int KEPT = 32;

    private final String name;
    private final int rows;
    private final int columns;
    private final Optional<WeightFormat> format;
    private final INDArray all;
    private final Map<Window, INDArray> windows = new HashMap<>();

    private record Window(int firstRow, int rows, int firstColumn, int columns) {}

    private Nd4jTensor(String name, int rows, int columns, Optional<WeightFormat> format, INDArray all) {
        this.name = name;
        this.rows = rows;
        this.columns = columns;
        this.format = format;
        this.all = all;
    }

    static Nd4jTensor of(String name, int rows, int columns, Optional<WeightFormat> format, INDArray all) {
        return new Nd4jTensor(name, rows, columns, format, all);
    }

    /**
     * A weight of a network that somebody else owns, seen by these kernels: nothing is copied.
     *
     * @param all numbers in a row, {@code rows · columns} of them, or a matrix of that shape in row-major order
     */
    public static Nd4jTensor weight(String name, int rows, int columns, INDArray all) {
        if (all.length() != (long) rows * columns) {
            throw new IllegalArgumentException("weight " + name + " of " + rows + " x " + columns
                    + " cannot be seen in " + all.length() + " numbers");
        }
        return new Nd4jTensor(
                name, rows, columns, Optional.of(WeightFormat.FLOAT), Views.matrix(all, 0, rows, columns));
    }

    static Nd4jTensor of(Tensor t) {
        if (Objects.requireNonNull(t, "tensor") instanceof Nd4jTensor own) {
            return own;
        }
        throw Shapes.foreign(t, "nd4j");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public Optional<WeightFormat> weightFormat() {
        return format;
    }

    boolean isRounded() {
        return format.isPresent() && format.get() == WeightFormat.BF16;
    }

    INDArray all() {
        return all;
    }

    /** The first rows. */
    INDArray rows(int count) {
        return window(0, count, 0, columns);
    }

    INDArray rows(int first, int count) {
        return window(first, count, 0, columns);
    }

    /** Some columns of the first rows. */
    INDArray columns(int first, int count, int rows) {
        return window(0, rows, first, count);
    }

    private INDArray window(int firstRow, int count, int firstColumn, int width) {
        if (count == rows && width == columns) {
            return all;
        }
        if (windows.size() == KEPT) {
            windows.clear();
        }
        return windows.computeIfAbsent(
                new Window(firstRow, count, firstColumn, width),
                w -> Views.of(
                        all, (long) firstRow * columns + firstColumn, new long[] {count, width}, new long[] {columns, 1
                        }));
    }

    @Override
    public String toString() {
        return name + "[" + rows + ", " + columns + "]";
    }
}
