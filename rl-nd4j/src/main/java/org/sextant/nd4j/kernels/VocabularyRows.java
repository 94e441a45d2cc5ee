// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.nd4j.kernels.Scratch.Slot;

/**
 * Softmax statistics of rows of logits z at temperature T. With d = (z − max z) / T, e = exp(d) and s = Σ e: log π = d − log s. Three numbers a
 * row come back to the host, three go over for the backward pass.
 */
final class VocabularyRows {
    /** exp of less is 0 in single precision; a logit of minus infinity times its probability of 0 would be no number. */
    private static final double LEAST = -150;

    private final Scratch scratch;
    private final Operations operations;
    private final Transfers transfers;
    private float[] host = {};
    private int[] flat = {};

    VocabularyRows(Scratch scratch, Operations operations, Transfers transfers) {
        this.operations = operations;
        this.scratch = scratch;
        this.transfers = transfers;
    }

    /** d in A, e in B, s in ROWS, log s in MORE_ROWS. */
    private record Softmax(INDArray d, INDArray e, INDArray sum, INDArray logSum) {}

    private Softmax softmax(INDArray z, double temperature) {
        long rows = z.size(0);
        int most = Sizes.rounded((int) rows);
        INDArray all = scratch.matrix(Slot.A, most, z.size(1));
        INDArray d = Views.matrix(all, 0, rows, z.size(1));
        INDArray e = scratch.matrix(Slot.B, rows, z.size(1));
        INDArray maximum = scratch.numbers(Slot.ROWS, most);
        INDArray sum = Views.matrix(maximum, 0, rows, 1);
        INDArray logSum = scratch.matrix(Slot.MORE_ROWS, rows, 1);
        d.assign(z);
        operations.rowMaximum(all, Views.vector(maximum, 0, most));
        operations.subtract(d, sum, d);
        operations.scale(d, 1 / temperature, d);
        operations.exp(d, e);
        rowSums(e, sum);
        operations.log(sum, logSum);
        return new Softmax(d, e, sum, logSum);
    }

    private void rowSums(INDArray x, INDArray z) {
        operations.product(x, false, scratch.ones(x.size(1)), false, 1, 0, z);
    }

    /** Any of the three outputs may be null; row i goes to index {@code at + i}. */
    void statistics(
            INDArray z,
            int[] targets,
            int at,
            double temperature,
            double[] logProb,
            double[] entropy,
            double[] sumPiSquared) {
        int rows = (int) z.size(0);
        Softmax softmax = softmax(z, temperature);
        INDArray all = scratch.matrix(Slot.HEAD_ROWS, 3, rows);
        if (logProb != null) {
            INDArray out = Views.matrix(all, 0, rows, 1);
            operations.gather(flat(softmax.d()), targets(targets, at, rows, z.size(1)), Views.vector(all, 0, rows));
            operations.subtract(out, softmax.logSum(), out);
        }
        if (sumPiSquared != null) {
            INDArray out = Views.matrix(all, 2L * rows, rows, 1);
            INDArray pi = scratch.matrix(Slot.C, rows, z.size(1));
            operations.divide(softmax.e(), softmax.sum(), pi);
            operations.multiply(pi, pi, pi);
            rowSums(pi, out);
        }
        if (entropy != null) {
            entropy(softmax, Views.matrix(all, rows, rows, 1));
        }
        INDArray outgoing = transfers.outgoing(3 * rows);
        outgoing.assign(Views.vector(all, 0, 3L * rows));
        host = host.length < 3 * rows ? new float[3 * rows] : host;
        transfers.read(host, 3 * rows);
        spread(logProb, at, rows, 0);
        spread(entropy, at, rows, rows);
        spread(sumPiSquared, at, rows, 2 * rows);
    }

    /** {@code log s − Σ e·d / s}. Overwrites d where it is below every exponent. */
    private void entropy(Softmax softmax, INDArray out) {
        INDArray products =
                scratch.matrix(Slot.C, softmax.d().size(0), softmax.d().size(1));
        operations.atLeast(softmax.d(), LEAST, softmax.d());
        operations.multiply(softmax.d(), softmax.e(), products);
        rowSums(products, out);
        operations.divide(out, softmax.sum(), out);
        operations.subtract(softmax.logSum(), out, out);
    }

    private void spread(double[] into, int at, int rows, int from) {
        for (int i = 0; into != null && i < rows; i++) {
            into[at + i] = host[from + i];
        }
    }

    private static INDArray flat(INDArray matrix) {
        return Views.vector(matrix, 0, matrix.length());
    }

    /** Positions of the targets in the flat matrix. */
    private INDArray targets(int[] targets, int at, int rows, long columns) {
        flat = flat.length < rows ? new int[rows] : flat;
        for (int i = 0; i < rows; i++) {
            flat[i] = Math.toIntExact(i * columns + targets[at + i]);
        }
        return transfers.ints(flat, rows);
    }

    /**
     * With g the three gradients of a row, H its entropy and Q its Σπ²: {@code dz = (gL·δ + π · (a + b·d + c·π)) / T}, where a = −gL − gH · (H −
     * log s) − 2 gQ·Q, b = −gH, c = 2 gQ. Any of the three may be null.
     */
    void backward(
            INDArray z,
            int[] targets,
            int at,
            double temperature,
            double[] gLogProb,
            double[] gEntropy,
            double[] gSumPiSquared,
            INDArray dz) {
        int rows = (int) z.size(0);
        Softmax softmax = softmax(z, temperature);
        INDArray gradients = gradients(rows, at, temperature, gLogProb, gEntropy, gSumPiSquared);
        INDArray a = scratch.matrix(Slot.QUERIES, rows, 1);
        operations.scale(Views.matrix(gradients, 0, rows, 1), -1, a);
        INDArray number = scratch.matrix(Slot.KEYS, rows, 1);
        INDArray factors = scratch.matrix(Slot.C, rows, z.size(1));
        if (gEntropy != null) {
            entropy(softmax, number);
            operations.subtract(number, softmax.logSum(), number);
            addProduct(a, number, Views.matrix(gradients, rows, rows, 1));
        }
        INDArray pi = softmax.e();
        operations.divide(pi, softmax.sum(), pi);
        if (gEntropy != null) {
            operations.multiply(softmax.d(), Views.matrix(gradients, rows, rows, 1), softmax.d());
        } else {
            softmax.d().assign(0);
        }
        if (gSumPiSquared != null) {
            operations.multiply(pi, pi, factors);
            rowSums(factors, number);
            INDArray twice = Views.matrix(gradients, 2L * rows, rows, 1);
            addProduct(a, number, twice);
            operations.multiply(pi, twice, factors);
            operations.subtract(softmax.d(), factors, softmax.d());
        }
        operations.subtract(a, softmax.d(), factors);
        operations.multiply(pi, factors, dz);
        if (gLogProb != null) {
            operations.scatterAdd(flat(dz), targets(targets, at, rows, z.size(1)), Views.vector(gradients, 0, rows));
        }
    }

    /** {@code a −= x · y}. */
    private void addProduct(INDArray a, INDArray x, INDArray y) {
        operations.multiply(x, y, x);
        operations.subtract(a, x, a);
    }

    /** gL, gH and 2 gQ, all divided by the temperature. */
    private INDArray gradients(
            int rows, int at, double temperature, double[] gLogProb, double[] gEntropy, double[] gSumPiSquared) {
        host = host.length < 3 * rows ? new float[3 * rows] : host;
        for (int i = 0; i < rows; i++) {
            host[i] = (float) (number(gLogProb, at + i) / temperature);
            host[rows + i] = (float) (number(gEntropy, at + i) / temperature);
            host[2 * rows + i] = (float) (2 * number(gSumPiSquared, at + i) / temperature);
        }
        return transfers.floats(host, 3 * rows);
    }

    private static double number(double[] numbers, int i) {
        return numbers == null ? 0 : numbers[i];
    }
}
