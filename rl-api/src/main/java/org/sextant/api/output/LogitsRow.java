// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

/**
 * The logits of one prediction, already divided by the temperature, and what was predicted. One instance is refilled
 * for each prediction: keep nothing of it.
 */
public final class LogitsRow {
    private double[] logits = new double[0];
    private double logSumExp;
    private int token;
    private int position;

    /**
     * Points the row at a prediction.
     *
     * @param scaledLogits logits / temperature
     * @param token the token that was predicted
     * @param position index of the token in the TOKEN columns of the whole batch, not of a slice
     */
    public LogitsRow set(double[] scaledLogits, int token, int position) {
        this.logits = scaledLogits;
        this.token = token;
        this.position = position;
        this.logSumExp = logSumExp(scaledLogits);
        return this;
    }

    private static double logSumExp(double[] z) {
        double max = Double.NEGATIVE_INFINITY;
        for (double v : z) {
            max = Math.max(max, v);
        }
        double sum = 0;
        for (double v : z) {
            sum += Math.exp(v - max);
        }
        return max + Math.log(sum);
    }

    public int vocabulary() {
        return logits.length;
    }

    /** Token that was predicted. */
    public int token() {
        return token;
    }

    /** Index of the token in the TOKEN columns of the batch that {@link VocabularyReduction#over} was given. */
    public int position() {
        return position;
    }

    public double logProb(int v) {
        return logits[v] - logSumExp;
    }

    public double prob(int v) {
        return Math.exp(logits[v] - logSumExp);
    }
}
