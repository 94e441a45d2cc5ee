// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Standard;

class RewardSignalTest {
    private static final boolean[] SCORED = {true};

    @Test
    void whatWasEarnedOnTheWayIsAPartOfTheReward() {
        CreditCase row = CreditCase.of(3, 2).with(Standard.TOKEN_REWARDS, new double[] {.5, 0, .25});
        RewardSignal signal = RewardSignal.of(row.rewards(), SCORED, row.batch());
        assertThat(signal.rows()).containsExactly(1.25);
        assertThat(signal.tokens()).containsExactly(.5, 0, .25);
        assertThat(row.columns(signal, "kind = returns", "baseline = none", "scale = none")
                        .get(Standard.ADVANTAGES))
                .containsExactly(2, 1.5, 1.5);
    }

    @Test
    void aRewardThatNoChoiceHasGoesToTheEnd() {
        CreditCase row = CreditCase.masked(new boolean[] {false, true, false, true, false}, 10)
                .with(Standard.TOKEN_REWARDS, new double[] {1, 2, 3, 4, 5});
        RewardSignal signal = RewardSignal.of(row.rewards(), SCORED, row.batch());
        assertThat(signal.tokens()).containsExactly(0, 2, 0, 4, 0);
        assertThat(signal.rows()).containsExactly(4);
    }

    @Test
    void anAnswerWithoutAChoiceKeepsItsRewardWhole() {
        CreditCase row =
                CreditCase.masked(new boolean[] {false, false}, 3).with(Standard.TOKEN_REWARDS, new double[] {1, 1});
        RewardSignal signal = RewardSignal.of(row.rewards(), SCORED, row.batch());
        assertThat(signal.rows()).containsExactly(3);
    }

    @Test
    void rewardsScaledAsTrlDoesKeepTheirMean() {
        CreditCase row = CreditCase.masked(new boolean[] {true, true, true, false}, 3);
        double[] scaled = TokenRewards.of(row.signal(), row.batch(), true);
        // 0, 0, 3: mean 1, variance 3.
        double small = 1 - 1 / Math.sqrt(3);
        assertThat(scaled).containsExactly(new double[] {small, small, 1 + 2 / Math.sqrt(3), 0}, within(1e-8));
    }
}
