// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;
import org.sextant.api.testkit.ProviderContract;
import org.sextant.api.testkit.RewardContract;
import org.sextant.api.testkit.Settings;

class ExactMatchTest extends RewardContract {
    private static final Item QUESTION = new Item("q", "47+85=", "132", Optional.of("132"), "add.2d.2c", Map.of());

    @Override
    protected RewardFunction reward() {
        return reward("");
    }

    @Override
    protected Item item() {
        return QUESTION;
    }

    private static RewardFunction reward(String settings) {
        return new ExactMatchProvider().create(Settings.of(new ExactMatchProvider().defaults(), settings));
    }

    private static double score(RewardFunction reward, String answer, Finish finish) {
        return ((Outcome.Scored) reward.score(QUESTION, answer, finish)).value();
    }

    @Test
    void theReferenceAloneIsRight() {
        assertThat(score(reward(), "132", Finish.EOS)).isEqualTo(1);
        assertThat(score(reward(), "132", Finish.STOP)).isEqualTo(1);
    }

    /** What a policy might try instead of calculating. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "131", "0132", "132=", "132132", "131 132 133", "47+85=132", "47+85=", "132.0", "13 2", "１３２"
            })
    void nothingElseIs(String answer) {
        assertThat(score(reward(), answer, Finish.EOS)).isZero();
    }

    @Test
    void whiteSpaceAroundTheAnswerIsForgivenUnlessToldOtherwise() {
        assertThat(score(reward(), " 132\n", Finish.EOS)).isEqualTo(1);
        assertThat(score(reward("trim = false"), " 132\n", Finish.EOS)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Finish.class,
            names = {"LENGTH", "CONTEXT"})
    void aTruncatedAnswerIsWrongUnlessToldOtherwise(Finish finish) {
        assertThat(score(reward(), "132", finish)).isZero();
        assertThat(score(reward("require-finished = false"), "132", finish)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"132, 1", "7, 0"})
    void theComponentIsTheReward(String answer, double expected) {
        Outcome.Scored scored = (Outcome.Scored) reward().score(QUESTION, answer, Finish.EOS);
        assertThat(scored.components()).containsExactly(Map.entry("exact_match", expected));
        assertThat(scored.extracted()).isEqualTo(answer);
    }

    @Nested
    class ItsProvider extends ProviderContract<RewardProvider> {
        @Override
        protected RewardProvider provider() {
            return new ExactMatchProvider();
        }

        @Override
        protected Class<RewardProvider> kind() {
            return RewardProvider.class;
        }
    }
}
