// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Arrays;
import org.sextant.api.experience.Groups;

/**
 * One reward for each answer from those of several reward functions, as a weighted sum. A function that has nothing to say about an answer
 * gives NaN and is left out of its sum; an answer about which none has anything to say has no reward: NaN.
 *
 * @param weights one for each function
 */
public record RewardSum(double[] weights) {
    public RewardSum {
        weights = weights.clone();
    }

    /** @param rewards [answers][functions] */
    public double[] of(double[][] rewards) {
        double[] sums = new double[rewards.length];
        for (int row = 0; row < sums.length; row++) {
            boolean scored = false;
            for (int k = 0; k < weights.length; k++) {
                boolean has = !Double.isNaN(rewards[row][k]);
                sums[row] += has ? weights[k] * rewards[row][k] : 0;
                scored |= has;
            }
            sums[row] = scored ? sums[row] : Double.NaN;
        }
        return sums;
    }

    /**
     * Scales the rewards of each function within groups first, so that one with a large spread does not drown the others (GDPO,
     * TRL's normalize_then_sum).
     *
     * @param rewards [answers][functions]
     * @param group group number of each answer
     * @param scaling baseline and scale of each function
     */
    public double[] ofScaled(double[][] rewards, int[] group, GroupCredit scaling) {
        double[][] scaled = new double[rewards.length][weights.length];
        for (int k = 0; k < weights.length; k++) {
            int function = k;
            double[] own =
                    Arrays.stream(rewards).mapToDouble(row -> row[function]).toArray();
            boolean[] scored = new boolean[own.length];
            for (int row = 0; row < own.length; row++) {
                scored[row] = !Double.isNaN(own[row]);
            }
            double[] credit = scaling.advantages(own, Groups.of(group, scored));
            for (int row = 0; row < own.length; row++) {
                scaled[row][k] = scored[row] ? credit[row] : Double.NaN;
            }
        }
        return of(scaled);
    }

    @Override
    public double[] weights() {
        return weights.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RewardSum that && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
        return "RewardSum" + Arrays.toString(weights);
    }
}
