// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;
import org.sextant.api.testkit.ProviderContract;
import org.sextant.api.testkit.RewardContract;
import org.sextant.api.testkit.Settings;

class LastNumberTest extends RewardContract {
    @Override
    protected RewardFunction reward() {
        return reward("");
    }

    @Override
    protected Item item() {
        return question("1080");
    }

    @Override
    protected List<String> answers() {
        return List.of("#### 1,080", "He earns $1,080.00.", "12", "none");
    }

    private static Item question(String reference) {
        return new Item("q", "How much?", reference, Optional.empty(), "steps-1", Map.of());
    }

    private static RewardFunction reward(String settings) {
        return new LastNumberProvider().create(Settings.of(new LastNumberProvider().defaults(), settings));
    }

    private static Outcome.Scored score(String reference, String answer) {
        return (Outcome.Scored) reward("").score(question(reference), answer, Finish.EOS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1080 | #### 1080",
                "1080 | #### 1,080",
                "1080 | He earns $1,080.00.",
                "1080 | so 3 * 360 = 1080!",
                "1,080 | 1080",
                "18 | $18.",
                "18 | 18.000",
                "18 | \\boxed{18}",
                "0.5 | .5",
                "0.5 | 0.50",
                "-5 | -5",
                "-5 | it is -$5.00",
                "-5 | it is $-5",
                "-5 | (−5)",
                "5 | 10-5",
                "5 | x-5",
                "5 | 20%-5",
                "0 | -0.00",
                "12500 | 3, 4, 12,500",
                "5678 | 1,234,5678",
                "7 | 007",
                "12345678901234567890.1 | 12,345,678,901,234,567,890.10",
            })
    void theseAreRight(String reference, String answer) {
        assertThat(score(reference, answer).value()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1080 | ``",
                "1080 | no number",
                "1080 | 1080 or 1081",
                "1080 | 1080. Question 2:",
                "1080 | 10800",
                "1080 | 1,0800",
                "1080 | 1080.01",
                "5 | -5",
                "-5 | 5",
                "0.3 | 0.30000000000000004",
                "72 | seventy-two",
                "72 | ７２",
                "72 | 7 2",
            })
    void theseAreNot(String reference, String answer) {
        assertThat(score(reference, answer).value()).isZero();
    }

    @Test
    void whatWasReadIsShown() {
        Outcome.Scored scored = score("1080", "first 5, then $1,080.00.");
        assertThat(scored.extracted()).isEqualTo("1080");
        assertThat(scored.components()).containsExactly(Map.entry("last_number", 1.0));
        assertThat(score("1080", "none").extracted()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Finish.class,
            names = {"LENGTH", "CONTEXT"})
    void aTruncatedAnswerIsWrongUnlessToldOtherwise(Finish finish) {
        assertThat(((Outcome.Scored) reward("").score(item(), "1080", finish)).value())
                .isZero();
        assertThat(((Outcome.Scored) reward("require-finished = false").score(item(), "1080", finish)).value())
                .isEqualTo(1);
    }

    @Test
    void aReferenceWithoutANumberCannotBeJudged() {
        assertThat(reward("").score(question("many"), "5", Finish.EOS)).isInstanceOf(Outcome.Abstain.class);
    }

    @Nested
    class ItsProvider extends ProviderContract<RewardProvider> {
        @Override
        protected RewardProvider provider() {
            return new LastNumberProvider();
        }

        @Override
        protected Class<RewardProvider> kind() {
            return RewardProvider.class;
        }
    }
}
