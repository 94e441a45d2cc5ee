// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;

/** Fills and reads tensors of any kernels, and differentiates by central differences. */
final class Numbers {
    private Numbers() {}

    /** Normally distributed numbers of the seed, rounded to float so that every element type holds the same ones. */
    static Tensor random(Kernels kernels, MemoryArena arena, String name, int rows, int columns, long seed) {
        Tensor t = arena.allocate(name, rows, columns);
        fill(kernels, t, seed);
        return t;
    }

    static Tensor weight(Kernels kernels, MemoryArena arena, String name, int rows, int columns, long seed) {
        Tensor t = arena.allocateWeight(name, rows, columns, WeightFormat.FLOAT);
        fill(kernels, t, seed);
        return t;
    }

    static void fill(Kernels kernels, Tensor t, long seed) {
        Random random = new Random(seed);
        double[] row = new double[t.columns()];
        for (int r = 0; r < t.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = (float) random.nextGaussian();
            }
            kernels.writeRow(t, r, row);
        }
    }

    static Tensor of(Kernels kernels, MemoryArena arena, double[][] rows) {
        Tensor t = arena.allocate("given", rows.length, rows[0].length);
        for (int r = 0; r < rows.length; r++) {
            kernels.writeRow(t, r, rows[r]);
        }
        return t;
    }

    static double[][] read(Kernels kernels, Tensor t, int rows) {
        double[][] numbers = new double[rows][t.columns()];
        for (int r = 0; r < rows; r++) {
            kernels.readRow(t, r, numbers[r]);
        }
        return numbers;
    }

    static double[][] read(Kernels kernels, Tensor t) {
        return read(kernels, t, t.rows());
    }

    /** Σ weights · t, a scalar whose gradient with respect to {@code t} is {@code weights}. */
    static double dot(Kernels kernels, Tensor weights, Tensor t) {
        double sum = 0;
        for (int r = 0; r < t.rows(); r++) {
            for (int c = 0; c < t.columns(); c++) {
                sum += kernels.get(weights, r, c) * kernels.get(t, r, c);
            }
        }
        return sum;
    }

    /**
     * Asserts that {@code gradient} is the derivative of {@code loss} with respect to every element of {@code input}.
     */
    static void assertGradient(Kernels kernels, DoubleSupplier loss, Tensor input, Tensor gradient) {
        double h = 1e-5;
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                double kept = kernels.get(input, r, c);
                kernels.set(input, r, c, kept + h);
                double above = loss.getAsDouble();
                kernels.set(input, r, c, kept - h);
                double below = loss.getAsDouble();
                kernels.set(input, r, c, kept);
                double expected = (above - below) / (2 * h);
                assertThat(kernels.get(gradient, r, c))
                        .as("gradient of %s at row %d, column %d", input.name(), r, c)
                        .isCloseTo(expected, near(expected));
            }
        }
    }

    private static Offset<Double> near(double expected) {
        return within(1e-8 + 1e-7 * Math.abs(expected));
    }

    /** A page table for {@code positions} positions that takes the pages from {@code first} on, in descending order. */
    static int[] pageTable(int first, int positions) {
        int pages = (positions + KeyValuePages.POSITIONS - 1) / KeyValuePages.POSITIONS;
        int[] table = new int[pages];
        for (int i = 0; i < pages; i++) {
            table[i] = first + pages - 1 - i;
        }
        return table;
    }

    /** Whole sequences of the given lengths, each with pages of its own. */
    static Segments sequences(int... lengths) {
        Segments segments = new Segments();
        int page = 0;
        for (int length : lengths) {
            int[] table = pageTable(page, length);
            segments.add(length, 0, table);
            page += table.length;
        }
        return segments;
    }
}
