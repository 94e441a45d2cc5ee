// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/** Rows of logits in a kernel's memory, and what the head's kernels make of them. */
final class Logits implements AutoCloseable {
    private final Kernels kernels;
    private final MemoryArena arena;
    private final Tensor logits;
    private final int rows;
    private final int vocabulary;

    /** @param values one array of logits for each row */
    Logits(Kernels kernels, double[][] values) {
        this.kernels = kernels;
        this.rows = values.length;
        this.vocabulary = values[0].length;
        this.arena = kernels.arena("conformance");
        this.logits = arena.allocate("logits", rows, vocabulary);
        for (int row = 0; row < rows; row++) {
            kernels.writeRow(logits, row, values[row]);
        }
    }

    /** A row as the kernel holds it. */
    double[] row(int row) {
        double[] values = new double[vocabulary];
        kernels.readRow(logits, row, values);
        return values;
    }

    Statistics statistics(int[] targets, double temperature) {
        Statistics result = new Statistics(new double[rows], new double[rows], new double[rows]);
        kernels.vocabularyStatistics(
                logits, rows, targets, 0, temperature, result.logProb, result.entropy, result.sumPiSquared);
        return result;
    }

    /** log π of every token, by row. */
    double[] logSoftmax(double temperature) {
        double[] all = new double[rows * vocabulary];
        double[] column = new double[rows];
        int[] targets = new int[rows];
        for (int token = 0; token < vocabulary; token++) {
            java.util.Arrays.fill(targets, token);
            kernels.vocabularyStatistics(logits, rows, targets, 0, temperature, column, null, null);
            for (int row = 0; row < rows; row++) {
                all[row * vocabulary + token] = column[row];
            }
        }
        return all;
    }

    /** Gradient with respect to the undivided logits, by row; either weight may be null. */
    double[] gradient(int[] targets, double temperature, double[] ofLogProb, double[] ofEntropy) {
        double[] all = new double[rows * vocabulary];
        Tensor gradient = arena.allocate("gradient", rows, vocabulary);
        kernels.vocabularyStatisticsBackward(
                logits, rows, targets, 0, temperature, ofLogProb, ofEntropy, null, gradient);
        double[] row = new double[vocabulary];
        for (int i = 0; i < rows; i++) {
            kernels.readRow(gradient, i, row);
            System.arraycopy(row, 0, all, i * vocabulary, vocabulary);
        }
        return all;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** One number for each row. */
    record Statistics(double[] logProb, double[] entropy, double[] sumPiSquared) {}
}
