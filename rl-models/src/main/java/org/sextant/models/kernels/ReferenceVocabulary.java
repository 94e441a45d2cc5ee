// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Softmax statistics of one row of logits z at temperature T, in double. With d = (z − max z) / T: the maximum is taken
 * off before the division, so that an offset common to all logits costs no digits.
 */
final class ReferenceVocabulary {
    private final double[] logits;
    private final int n;
    private final double temperature;

    private int at;
    private double maximum;
    private double logSum;

    ReferenceVocabulary(double[] logits, int columns, double temperature) {
        this.logits = logits;
        this.n = columns;
        this.temperature = temperature;
    }

    /** Goes to a row: finds its maximum and the log of its softmax denominator. */
    void row(int row) {
        at = row * n;
        maximum = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            maximum = Math.max(maximum, logits[at + j]);
        }
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += Math.exp((logits[at + j] - maximum) / temperature);
        }
        logSum = Math.log(sum);
    }

    double logProb(int j) {
        return (logits[at + j] - maximum) / temperature - logSum;
    }

    /** −Σ π log π, where a probability of 0 adds 0. */
    double entropy() {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum -= timesLog(logProb(j));
        }
        return sum;
    }

    double sumPiSquared() {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += Math.exp(2 * logProb(j));
        }
        return sum;
    }

    /**
     * ∂ logProb(t) / ∂z_j = (δ_tj − π_j) / T, ∂ entropy / ∂z_j = −π_j (log π_j + entropy) / T, ∂ Σπ² / ∂z_j = 2 π_j
     * (π_j − Σπ²) / T.
     */
    void backward(int target, double gLogProb, double gEntropy, double gSumPiSquared, double[] dLogits) {
        double entropy = entropy();
        double sumPiSquared = sumPiSquared();
        for (int j = 0; j < n; j++) {
            double logPi = logProb(j);
            double pi = Math.exp(logPi);
            double gradient = gLogProb * ((j == target ? 1 : 0) - pi)
                    - gEntropy * (timesLog(logPi) + pi * entropy)
                    + gSumPiSquared * 2 * pi * (pi - sumPiSquared);
            dLogits[at + j] = gradient / temperature;
        }
    }

    private static double timesLog(double logPi) {
        double pi = Math.exp(logPi);
        return pi == 0 ? 0 : pi * logPi;
    }
}
