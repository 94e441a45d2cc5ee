// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Softmax statistics of rows of logits, and their gradients; a row at a time by {@link VocabularyRow}. */
final class VectorVocabulary extends RowWork {
    private static final int COST = 8;

    private final Threads threads;
    private final VocabularyRow[] rowOfWorker;

    private long logits;
    private int n;
    private int[] targets;
    private int at;
    private double temperature;
    private double[] logProb;
    private double[] entropy;
    private double[] sumPiSquared;
    private long dLogits;

    VectorVocabulary(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        rowOfWorker = new VocabularyRow[workspaces.length];
        for (int i = 0; i < rowOfWorker.length; i++) {
            rowOfWorker[i] = new VocabularyRow(workspaces[i]);
        }
    }

    void forward(
            long logits,
            int rows,
            int n,
            int[] targets,
            int at,
            double temperature,
            double[] logProb,
            double[] entropy,
            double[] sumPiSquared) {
        backward(logits, rows, n, targets, at, temperature, logProb, entropy, sumPiSquared, 0);
    }

    /** The three arrays are the gradients of the statistics. */
    void backward(
            long logits,
            int rows,
            int n,
            int[] targets,
            int at,
            double temperature,
            double[] logProb,
            double[] entropy,
            double[] sumPiSquared,
            long dLogits) {
        this.logits = logits;
        this.n = n;
        this.targets = targets;
        this.at = at;
        this.temperature = temperature;
        this.logProb = logProb;
        this.entropy = entropy;
        this.sumPiSquared = sumPiSquared;
        this.dLogits = dLogits;
        launch(threads, rows, (long) COST * n);
        this.targets = null;
        this.logProb = null;
        this.entropy = null;
        this.sumPiSquared = null;
    }

    @Override
    void rows(int from, int to, int worker) {
        VocabularyRow row = rowOfWorker[worker];
        for (int r = from; r < to; r++) {
            long z = logits + (long) r * n * Float.BYTES;
            if (dLogits == 0) {
                row.reduce(z, n, temperature);
                write(row, z, at + r);
            } else {
                gradient(row, z, dLogits + (long) r * n * Float.BYTES, at + r);
            }
        }
    }

    private void write(VocabularyRow row, long z, int i) {
        if (logProb != null) {
            logProb[i] = row.logProb(Lanes.get(z + (long) targets[i] * Float.BYTES));
        }
        if (entropy != null) {
            entropy[i] = row.entropy();
        }
        if (sumPiSquared != null) {
            sumPiSquared[i] = row.sumPiSquared();
        }
    }

    private void gradient(VocabularyRow row, long z, long dz, int i) {
        double gLogProb = logProb == null ? 0 : logProb[i];
        double gEntropy = entropy == null ? 0 : entropy[i];
        double gSum = sumPiSquared == null ? 0 : sumPiSquared[i];
        if (gLogProb == 0 && gEntropy == 0 && gSum == 0) {
            Lanes.zero(dz, n);
            return;
        }
        row.reduce(z, n, temperature);
        double logPi = gLogProb == 0 ? 0 : row.logProb(Lanes.get(z + (long) targets[i] * Float.BYTES));
        double inverse = 1 / temperature;
        double constant = -gLogProb - gEntropy * (row.entropy() - row.logSum()) - 2 * gSum * row.sumPiSquared();
        row.gradient(z, n, inverse * constant, -inverse * gEntropy, 2 * inverse * gSum, dz);
        if (gLogProb != 0) {
            double pi = Math.exp(logPi);
            double ofEntropy = pi * (logPi + row.entropy());
            double ofSum = 2 * pi * (pi - row.sumPiSquared());
            double gradient = -gLogProb * Math.expm1(logPi) - gEntropy * ofEntropy + gSum * ofSum;
            Lanes.set(dz + (long) targets[i] * Float.BYTES, (float) (inverse * gradient));
        }
    }
}
