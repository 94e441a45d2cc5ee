// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.algorithm.RolloutPlan.Branching;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Environment.Reply;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.random.Streams;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.Outcome.StepReward;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;

class EnvironmentCollectorTest {
    private static final Item ITEM = new Item("q", "ask:", "", Optional.empty(), "", Map.of());
    private final Ledger ledger = new Ledger();

    private Experience collect(ScriptedPolicy policy, Environment environment, RolloutPlan plan) {
        EnvironmentCollector collector = new EnvironmentCollector(
                environment,
                ScriptedPolicy.CHARACTERS,
                Sampling.atTemperature(1),
                new Stop(4, Set.of(0), List.of()),
                ledger,
                EnvironmentCollector.Purpose.TRAINING);
        Experience batch = collector.collect(policy, List.of(ITEM), plan, new Streams(1), 0);
        assertThat(EnvironmentCollector.columns(plan))
                .isSubsetOf(batch.columns().keys());
        return batch;
    }

    /** Scores the first answer with a function of its text. */
    private static Environment judging(java.util.function.Function<String, Outcome> judge) {
        return item -> new Environment.Episode() {
            @Override
            public String prompt() {
                return item.prompt();
            }

            @Override
            public Reply reply(String answer, Finish finish) {
                return new Reply.End(judge.apply(answer));
            }
        };
    }

    /** Two turns: each earns what it says, the end earns 10. */
    private static final Environment TWO_TURNS = item -> new Environment.Episode() {
        private int turns;

        @Override
        public String prompt() {
            return item.prompt();
        }

        @Override
        public Reply reply(String answer, Finish finish) {
            return turns++ == 0
                    ? new Reply.Observe("more:", Integer.parseInt(answer))
                    : new Reply.End(new Outcome.Scored(10, Map.of(), ""));
        }
    };

    @Test
    void whatATurnEarnsLiesAtItsLastTokenAndIsInTheReward() {
        ScriptedPolicy policy = new ScriptedPolicy((text, stream) -> text.endsWith("more:") ? "9" : "12");
        Experience batch = collect(policy, TWO_TURNS, new RolloutPlan(1, false));

        assertThat(batch.get(Standard.REWARD)).containsExactly(22);
        // a s k : 1 2 EOS m o r e : 9 EOS
        double[] earned = batch.get(Standard.TOKEN_REWARDS);
        assertThat(earned).hasSize(14);
        assertThat(earned[6]).isEqualTo(12);
        assertThat(java.util.Arrays.stream(earned).sum()).isEqualTo(12);
    }

    @Test
    void whatAStepEarnsLiesAtTheTokenThatEndsIt() {
        Environment steps = judging(answer ->
                new Outcome.Scored(1, Map.of(), "", List.of(new StepReward(1, 0.25), new StepReward(3, 0.5))));
        Experience batch = collect(new ScriptedPolicy((text, stream) -> "abc"), steps, new RolloutPlan(1, false));

        assertThat(batch.get(Standard.REWARD)).containsExactly(1);
        assertThat(batch.get(Standard.TOKEN_REWARDS)).containsExactly(0, 0, 0, 0, 0.25, 0, 0.5, 0);
    }

    @Test
    void aGreedyAnswerIsAColumnWithItsEndAndLength() {
        ScriptedPolicy policy = new ScriptedPolicy((text, stream) -> stream == null ? "abcdef" : "x");
        Environment length = judging(answer -> new Outcome.Scored(answer.length(), Map.of(), ""));
        Experience batch = collect(policy, length, new RolloutPlan(2, true));

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.get(Standard.REWARD)).containsExactly(1, 1);
        assertThat(batch.get(Standard.GREEDY_REWARD)).containsExactly(4, 4);
        assertThat(batch.get(Standard.GREEDY_LENGTH)).containsExactly(4, 4);
        assertThat(batch.get(Standard.GREEDY_FINISH)).containsExactly(Finish.LENGTH, Finish.LENGTH);
        assertThat(ledger.total("tokens/generated")).isEqualTo(4 + 2 + 2);
    }

    @Test
    void valuesOfStatesAreMeansOverContinuationsOfThem() {
        // From the start: "ab" or "b"; after "a": "b" alone. An answer is worth its letters.
        ScriptedPolicy policy =
                new ScriptedPolicy((text, stream) -> text.endsWith("a") ? "b" : stream.nextDouble() < 0.5 ? "ab" : "b");
        Environment letters = judging(answer -> new Outcome.Scored(answer.length(), Map.of(), ""));
        RolloutPlan plan = new RolloutPlan(8, false, Optional.of(new Branching(1, 400)));
        Experience batch = collect(policy, letters, plan);

        double[] values = batch.get(Standard.BRANCH_VALUES);
        for (int row = 0; row < batch.rows(); row++) {
            int first = batch.layout().stateStart(row) + 4;
            boolean two = batch.get(Standard.REWARD)[row] == 2;
            assertThat(values[first - 1]).isNaN();
            // 1.5 ± 4 standard errors of 400 samples
            assertThat(values[first])
                    .isBetween(1.4, 1.6)
                    .isEqualTo(values[batch.layout().stateStart(0) + 4]);
            if (two) {
                assertThat(values[first + 1]).isEqualTo(2);
            }
            assertThat(values[first + batch.layout().length(row) - 4]).isNaN();
        }
        assertThat(policy.limits).containsExactly(4, 4, 3, 2);
    }

    @Test
    void aConversationCannotBeContinuedFromItsMiddle() {
        RolloutPlan plan = new RolloutPlan(1, false, Optional.of(new Branching(1, 1)));
        assertThatThrownBy(() -> collect(new ScriptedPolicy((text, stream) -> "1"), TWO_TURNS, plan))
                .hasMessageContaining("question 'q' is a conversation")
                .hasMessageContaining("credit.kind");
    }
}
