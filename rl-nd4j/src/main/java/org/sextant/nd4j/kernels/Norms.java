// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.nd4j.kernels.Scratch.Slot;

/**
 * RMSNorm and layer normalisation on matrices whose rows follow one another. ND4J's own layer norm has no epsilon and keeps no statistics, and
 * its sums are slower than products with ones.
 */
final class Norms {
    private final Scratch scratch;
    private final Operations operations;

    Norms(Scratch scratch, Operations operations) {
        this.operations = operations;
        this.scratch = scratch;
    }

    /** {@code z = 1 / sqrt(mean of a row's squares + epsilon)}. @param z [rows, 1] */
    private void inverseRoot(INDArray x, double epsilon, INDArray z) {
        INDArray squares = scratch.matrix(Slot.A, x.size(0), x.size(1));
        operations.multiply(x, x, squares);
        rowSums(squares, 1.0 / x.size(1), z);
        operations.shift(z, epsilon, z);
        operations.sqrt(z, z);
        operations.reciprocal(z, z);
    }

    /** {@code z = factor · sum of a row}. @param z [rows, 1] */
    private void rowSums(INDArray x, double factor, INDArray z) {
        operations.product(x, false, scratch.ones(x.size(1)), false, factor, 0, z);
    }

    /** {@code z += sum of a column}. @param z [1, columns] */
    void addColumnSums(INDArray x, INDArray z) {
        operations.product(scratch.ones(x.size(0)), true, x, false, 1, 1, z);
    }

    /** {@code y = x · inverse · w}; {@code y} may be {@code x}. */
    void rms(INDArray x, INDArray w, double epsilon, INDArray y, INDArray inverse) {
        inverseRoot(x, epsilon, inverse);
        operations.multiply(x, inverse, y);
        operations.multiply(y, w, y);
    }

    /** {@code dx += inverse · (dy·w − x · inverse² · mean(dy·w·x))}, {@code dw += Σ dy · x · inverse}; {@code dw} may be null. */
    void rmsBackward(INDArray dy, INDArray x, INDArray inverse, INDArray w, INDArray dx, INDArray dw) {
        INDArray gradient = rmsGradient(dy, x, inverse, w, dw);
        operations.add(dx, gradient, dx);
    }

    /** The same, not added to anything. */
    INDArray rmsGradient(INDArray dy, INDArray x, INDArray inverse, INDArray w, INDArray dw) {
        long rows = x.size(0);
        long n = x.size(1);
        INDArray g = scratch.matrix(Slot.A, rows, n);
        INDArray t = scratch.matrix(Slot.B, rows, n);
        if (dw != null) {
            operations.multiply(dy, x, t);
            operations.multiply(t, inverse, t);
            addColumnSums(t, dw);
        }
        operations.multiply(dy, w, g);
        operations.multiply(g, x, t);
        INDArray along = scratch.matrix(Slot.ROWS, rows, 1);
        rowSums(t, 1.0 / n, along);
        operations.multiply(along, inverse, along);
        operations.multiply(along, inverse, along);
        operations.multiply(x, along, t);
        operations.subtract(g, t, g);
        operations.multiply(g, inverse, g);
        return g;
    }

    /** {@code y = (x − mean) · inverse · w + b}. @param statistics [rows, 2], mean and inverse */
    void layer(INDArray x, INDArray w, INDArray b, double epsilon, INDArray y, INDArray statistics) {
        long rows = x.size(0);
        INDArray mean = scratch.matrix(Slot.ROWS, rows, 1);
        INDArray inverse = scratch.matrix(Slot.MORE_ROWS, rows, 1);
        rowSums(x, 1.0 / x.size(1), mean);
        operations.subtract(x, mean, y);
        inverseRoot(y, epsilon, inverse);
        operations.multiply(y, inverse, y);
        operations.multiply(y, w, y);
        operations.add(y, b, y);
        statistic(statistics, 0).assign(mean);
        statistic(statistics, 1).assign(inverse);
    }

    private static INDArray statistic(INDArray statistics, int column) {
        return Views.of(statistics, column, new long[] {statistics.size(0), 1}, new long[] {2, 1});
    }

    /**
     * With x̂ = (x − mean) · inverse and g = dy·w: {@code dx += inverse · (g − mean(g) − x̂ · mean(g·x̂))}, {@code dw += Σ dy · x̂},
     * {@code db += Σ dy}; the last two may be null.
     */
    void layerBackward(
            INDArray dy, INDArray x, INDArray statistics, INDArray w, INDArray dx, INDArray dw, INDArray db) {
        long rows = x.size(0);
        long n = x.size(1);
        INDArray mean = scratch.matrix(Slot.ROWS, rows, 1);
        INDArray inverse = scratch.matrix(Slot.MORE_ROWS, rows, 1);
        mean.assign(statistic(statistics, 0));
        inverse.assign(statistic(statistics, 1));
        INDArray normed = scratch.matrix(Slot.C, rows, n);
        operations.subtract(x, mean, normed);
        operations.multiply(normed, inverse, normed);
        INDArray g = scratch.matrix(Slot.A, rows, n);
        INDArray t = scratch.matrix(Slot.B, rows, n);
        if (dw != null) {
            operations.multiply(dy, normed, t);
            addColumnSums(t, dw);
            addColumnSums(dy, db);
        }
        operations.multiply(dy, w, g);
        operations.multiply(g, normed, t);
        INDArray sums = mean;
        rowSums(t, 1.0 / n, sums);
        operations.multiply(normed, sums, t);
        rowSums(g, 1.0 / n, sums);
        operations.subtract(g, sums, g);
        operations.subtract(g, t, g);
        operations.multiply(g, inverse, g);
        operations.add(dx, g, dx);
    }
}
