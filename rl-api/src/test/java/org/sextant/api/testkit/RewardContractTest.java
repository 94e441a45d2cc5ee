// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.api.environment.Item;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.Outcome.Scored;
import org.sextant.api.reward.RewardFunction;

/** The clauses catch what they are there for; a reward without mistakes passes all of them. */
class RewardContractTest {
    private static final RewardFunction SOUND =
            (item, answer, finish) -> Scored.of("exact", answer.equals(item.reference()) ? 1 : 0, "");

    @Nested
    class OfASoundReward extends RewardContract {
        @Override
        protected RewardFunction reward() {
            return SOUND;
        }

        @Override
        protected Item item() {
            return RewardContractTest.item();
        }
    }

    private static Item item() {
        return new Item("1", "6*7=", "42", Optional.empty(), "easy", Map.of());
    }

    private static RewardContract contract(RewardFunction reward) {
        return new RewardContract() {
            @Override
            protected RewardFunction reward() {
                return reward;
            }

            @Override
            protected Item item() {
                return RewardContractTest.item();
            }
        };
    }

    @Test
    @DisplayName("a reward that remembers what it saw")
    void memory() {
        AtomicInteger calls = new AtomicInteger();
        RewardContract contract =
                contract((item, answer, finish) -> Scored.of("count", calls.incrementAndGet() % 7, ""));
        assertThatThrownBy(contract::pure).isInstanceOf(AssertionError.class);
    }

    @Test
    @DisplayName("a reward that trusts the answer to be a number")
    void trust() {
        RewardContract contract = contract((item, answer, finish) -> Scored.of("value", Integer.parseInt(answer), ""));
        assertThatThrownBy(contract::survivesHostileText).isInstanceOf(AssertionError.class);
    }

    @Test
    @DisplayName("a reward that says nothing")
    void silence() {
        assertThatThrownBy(contract((item, answer, finish) -> null)::survivesHostileText)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    @DisplayName("a reward for silence")
    void rewardForSilence() {
        RewardContract contract = contract((item, answer, finish) -> Scored.of("short", -answer.length(), ""));
        assertThatThrownBy(contract::nothingEarnsNoMoreThanTheReference).isInstanceOf(AssertionError.class);
        assertThatCode(
                        contract((item, answer, finish) -> new Outcome.Abstain("not mine"))
                                ::nothingEarnsNoMoreThanTheReference)
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("a reward with a buffer that threads share")
    void sharedBuffer() {
        StringBuffer seen = new StringBuffer();
        RewardContract contract = contract((item, answer, finish) -> {
            seen.append('x');
            return Scored.of("length", seen.length(), "");
        });
        assertThatThrownBy(contract::threadSafe).isInstanceOf(AssertionError.class);
    }
}
