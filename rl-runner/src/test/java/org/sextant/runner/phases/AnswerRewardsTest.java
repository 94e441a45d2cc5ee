// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.runner.phases.AnswerRewards.Overlong;
import org.sextant.runner.phases.AnswerRewards.Truncated;

class AnswerRewardsTest {
    /** DAPO, equation 13, with a limit of 20480 and a cache of 4096 as in the paper. */
    @ParameterizedTest
    @CsvSource({"1, 0", "16384, 0", "18432, -0.5", "20480, -1", "30000, -1"})
    void theSoftPunishmentIsThatOfThePaper(int length, double expected) {
        assertThat(new Overlong(20480, 4096, 1).of(length)).isCloseTo(expected, within(1e-12));
        assertThat(new Overlong(20480, 4096, 0.5).of(length)).isCloseTo(expected / 2, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"KEEP, 1, -0.25", "REPLACE, -1, -1.25", "SUBTRACT, 2, -1.25"})
    void anAnswerThatWasCutOffIsTreatedAsSaid(Truncated kind, double value, double expected) {
        AnswerRewards rules = new AnswerRewards(kind, value, 0.25, Optional.empty());
        double reward = kind == Truncated.SUBTRACT ? 1 : 0;
        assertThat(rules.of(reward, Finish.LENGTH, 5)).isEqualTo(expected);
        assertThat(rules.of(1, Finish.EOS, 5)).isEqualTo(1);
        assertThat(rules.of(1, Finish.ENVIRONMENT, 5)).isEqualTo(1);
        assertThat(rules.of(1, Finish.STOP, 5)).isEqualTo(0.75);
        assertThat(rules.of(Double.NaN, Finish.CONTEXT, 5)).isNaN();
    }

    @Test
    void rowsAndGreedyAnswersAreTreatedAlike() {
        Experience batch = Experience.of(
                Layout.ofLengths(3, 4),
                Columns.of(Standard.REWARD, new double[] {1, 1})
                        .with(Standard.FINISH, new Finish[] {Finish.EOS, Finish.LENGTH})
                        .with(Standard.RESPONSE_MASK, new boolean[] {false, true, true, false, true, true, true})
                        .with(Standard.GREEDY_REWARD, new double[] {2, 2})
                        .with(Standard.GREEDY_FINISH, new Finish[] {Finish.CONTEXT, Finish.EOS})
                        .with(Standard.GREEDY_LENGTH, new int[] {4, 2}));
        AnswerRewards rules = new AnswerRewards(Truncated.REPLACE, 0, 0, Optional.of(new Overlong(4, 2, 1)));

        Experience shaped = rules.apply(batch);

        assertThat(shaped.get(Standard.REWARD)).containsExactly(1, -0.5);
        assertThat(shaped.get(Standard.GREEDY_REWARD)).containsExactly(-1, 2);
        assertThat(new AnswerRewards(Truncated.KEEP, 3, 0, Optional.empty()).apply(batch))
                .isSameAs(batch);
    }
}
