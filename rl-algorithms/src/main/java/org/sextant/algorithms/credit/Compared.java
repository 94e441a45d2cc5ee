// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

/**
 * What {@link GroupCredit} takes off the reward of each row, and what it divides by.
 *
 * @param baseline one a row
 * @param divisor one a row, never 0
 */
record Compared(double[] baseline, double[] divisor) {
    /** {@code (r_i − baseline_i) / divisor_i} of the rows that count; 0 for the others. */
    double[] advantages(double[] rewards, boolean[] counted) {
        double[] advantages = new double[rewards.length];
        for (int row = 0; row < advantages.length; row++) {
            advantages[row] = counted[row] ? (rewards[row] - baseline[row]) / divisor[row] : 0;
        }
        return advantages;
    }
}
