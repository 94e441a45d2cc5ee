// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Standard;

class ReturnCreditTest {
    private static final String[] PLAIN = {"kind = returns", "baseline = none", "scale = none"};

    @Test
    void returnsAreDiscountedRewardsToCome() {
        assertThat(CreditCase.of(3, 4).advantages(with("gamma = 0.5"))).containsExactly(1, 2, 4);
        RewardSignal signal = rewards(CreditCase.of(3, 4), 1, 0, 2);
        assertThat(CreditCase.of(3, 4).columns(signal, with("gamma = 0.5")).get(Standard.ADVANTAGES))
                .containsExactly(1 + 0.5 * 3, 3, 6);
    }

    /** Tokens 2 and 3 are an observation. */
    @ParameterizedTest
    @CsvSource({"carry, 1, 2, 4, 8", "zero, 0.25, 0.5, 4, 8", "cut, 0, 0, 4, 8"})
    void whatPassesAHole(String holes, double first, double second, double fifth, double sixth) {
        CreditCase row = CreditCase.masked(new boolean[] {true, true, false, false, true, true}, 8);
        assertThat(row.advantages(with("gamma = 0.5", "holes = " + holes)))
                .containsExactly(first, second, 0, 0, fifth, sixth);
    }

    @Test
    void tokensOfATurnShareItsReturnAndDiscountsCountTurns() {
        CreditCase row = CreditCase.masked(new boolean[] {true, true, false, true, true}, 3)
                .with(Standard.TURN, new int[] {0, 0, 1, 1, 1});
        RewardSignal signal = rewards(row, 0, 1, 0, 0, 0);
        assertThat(row.columns(signal, with("unit = turn", "gamma = 0.5")).get(Standard.ADVANTAGES))
                .containsExactly(2.5, 2.5, 0, 3, 3);
    }

    @Test
    void aStepEndsWithItsReward() {
        CreditCase row = CreditCase.of(5, 0);
        RewardSignal signal = rewards(row, 0, .5, 0, -1, 0);
        assertThat(row.columns(signal, with("unit = step")).get(Standard.ADVANTAGES))
                .containsExactly(-.5, -.5, -1, -1, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "leave-one-out", "second-best", "length-weighted", "batch-mean"})
    void undiscountedTheFirstTokenGetsTheAdvantageOfTheAnswer(String baseline) {
        CreditCase group = CreditCase.of(2, 3, -1, 0.5);
        RewardSignal signal = rewards(group, .1, .2, .3, -.4, .5, 0).with(new double[] {.2, .1, 0, .3, -.1, 0}, true);
        for (String scale : new String[] {"none", "group", "batch"}) {
            String[] settings = {"baseline = " + baseline, "scale = " + scale, "kind = group"};
            double[] answers = group.columns(signal, settings).get(Advantages.BY_ROW);
            settings[2] = "kind = returns";
            double[] tokens = group.columns(signal, settings).get(Standard.ADVANTAGES);
            assertThat(new double[] {tokens[0], tokens[2], tokens[4]}).containsExactly(answers, within(1e-12));
        }
    }

    /** OpenRLHF's rloo: the baseline knows nothing of the penalty, which is summed like any reward. */
    @Test
    void aPenaltyAfterTheBaselineIsSummedButNotCompared() {
        CreditCase group = CreditCase.of(2, 1, 0);
        RewardSignal after = group.signal().with(new double[] {.1, .2, .3, .4}, false);
        String[] settings = {"kind = returns", "baseline = leave-one-out", "scale = none"};
        assertThat(group.columns(after, settings).get(Standard.ADVANTAGES))
                .containsExactly(new double[] {1 - .3, 1 - .2, -1 - .7, -1 - .4}, within(1e-12));
        // Before it the other answer's penalty counts too: (1 − .3) − (0 − .7) and less.
        assertThat(group.columns(group.signal().with(after.penalty(), true), settings)
                        .get(Standard.ADVANTAGES))
                .containsExactly(new double[] {1.4, 1.5, -1.4, -1.1}, within(1e-12));
    }

    /** The authors' ReMax: γ^(T−t) times the limited difference to the greedy answer, less the token's own penalty. */
    @Test
    void remaxAsItsAuthorsWriteIt() {
        CreditCase row = CreditCase.of(3, 9).with(Standard.GREEDY_REWARD, new double[] {2});
        RewardSignal signal = row.signal().with(new double[] {.1, .2, .3}, false);
        Columns columns = row.columns(
                signal,
                "kind = returns",
                "baseline = greedy",
                "scale = none",
                "advantage-limit = 5",
                "gamma = 0.9",
                "penalty = own");
        assertThat(columns.get(Standard.ADVANTAGES))
                .containsExactly(new double[] {.81 * 5 - .1, .9 * 5 - .2, 5 - .3}, within(1e-12));
        assertThat(columns.get(Standard.RETURNS))
                .as("a critic learns what there is to be had")
                .containsExactly(new double[] {.81 * 8.7 - .18 - .1, .9 * 8.7 - .2, 8.7}, within(1e-12));
    }

    @Test
    void withoutAGreedyRewardThereIsNothingToCompareWith() {
        CreditCase group = CreditCase.of(1, 1, 2).with(Standard.GREEDY_REWARD, new double[] {.5, Double.NaN});
        assertThat(group.advantages("kind = returns", "baseline = greedy", "scale = none"))
                .containsExactly(.5, 0);
    }

    private static String[] with(String... more) {
        String[] all = Arrays.copyOf(PLAIN, PLAIN.length + more.length);
        System.arraycopy(more, 0, all, PLAIN.length, more.length);
        return all;
    }

    private static RewardSignal rewards(CreditCase given, double... tokens) {
        RewardSignal signal = given.signal();
        return new RewardSignal(signal.rows(), signal.scored(), tokens, new double[tokens.length], true);
    }
}
