// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;

class RewardSumTest {
    @Test
    void leavesOutWhatHasNothingToSay() {
        double[] sums = new RewardSum(new double[] {0.7, 0.3}).of(new double[][] {
            {1, 0}, {Double.NaN, 2}, {Double.NaN, Double.NaN}
        });

        assertThat(sums[0]).isEqualTo(0.7);
        assertThat(sums[1]).isEqualTo(0.6);
        assertThat(sums[2]).isNaN();
    }

    /** By hand: both functions have z-scores ±1/√2 in each group, however large their spread; the lone answer of the third has none. */
    @Test
    void scalesEachFunctionWithinItsGroupFirst() {
        double[][] rewards = {{1000, 0}, {0, 1}, {1, 1}, {0, 0}, {5, Double.NaN}};
        GroupCredit zScore = new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 0, Single.ZERO);

        double[] sums = new RewardSum(new double[] {1, 1}).ofScaled(rewards, new int[] {0, 0, 1, 1, 2}, zScore);

        assertThat(sums).containsExactly(new double[] {0, 0, Math.sqrt(2), -Math.sqrt(2), 0}, within(1e-12));
    }
}
