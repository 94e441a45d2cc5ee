// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.environment.Environment.Episode;
import org.sextant.api.environment.Environment.Reply;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.LogProb;
import org.sextant.api.reward.Outcome;
import org.sextant.api.testkit.Batches;

class HigherLowerTest {
    private static final LogProb LOGP = new LogProb();
    private static final Item ROOM = new Item("t1", "t1 ", "7", Optional.empty(), "one digit", Map.of());

    /** What was said: the policy's answers and everything else, in order. */
    private record Transcript(List<String> said, List<Boolean> byPolicy, double reward) {}

    private static Transcript play(String... answers) {
        Episode episode = new HigherLower().start(ROOM);
        List<String> said = new ArrayList<>(List.of(episode.prompt()));
        List<Boolean> byPolicy = new ArrayList<>(List.of(false));
        for (String answer : answers) {
            said.add(answer);
            byPolicy.add(true);
            switch (episode.reply(answer, Finish.STOP)) {
                case Reply.Observe observe -> {
                    said.add(observe.observation());
                    byPolicy.add(false);
                }
                case Reply.End(Outcome.Scored scored) -> {
                    return new Transcript(said, byPolicy, scored.value());
                }
                case Reply.End end -> throw new AssertionError(end);
            }
        }
        throw new AssertionError("the episode did not end");
    }

    @Test
    void theWorldGivesAHintAndJudges() {
        assertThat(play("7").reward()).isEqualTo(1);
        assertThat(play("3", "7").said()).containsExactly("t1 ", "3", "\nhigher ", "7");
        assertThat(play("9", "7").said()).contains("\nlower ");
        assertThat(play("3", "7").reward()).isEqualTo(0.5);
        assertThat(play("3", "4").reward()).isZero();
        assertThat(play("seven").reward()).isZero();
    }

    /** One row, one character a token: both answers learn, and nothing that the world said does. */
    @Test
    void observationsAreOutsideTheLoss() {
        Transcript game = play("3", "7");
        int[] tokens = String.join("", game.said()).chars().toArray();
        Experience batch = Batches.rows(tokens.length)
                .prompts(3)
                .observation(0, 4, 8)
                .tokens(tokens)
                .group(0)
                .reward(game.reward())
                .build();
        StringBuilder learnt = new StringBuilder();
        for (int t = 0; t < tokens.length; t++) {
            learnt.append(batch.get(Standard.RESPONSE_MASK)[t] ? (char) tokens[t] : '.');
        }
        assertThat(learnt).hasToString("...3........7");
        assertThat(batch.get(Standard.TURN)).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        MovingBaseline algorithm = new MovingBaseline(0.1);
        Experience credited = batch.with(algorithm.credit(batch, new Metrics()));
        LossScope scope = new LossScope(credited, credited, Map.of(LOGP, new double[tokens.length]));
        double[] gradient =
                Evaluation.of(scope, algorithm.objective(scope)).gradients().get(LOGP);
        double[] expected = new double[tokens.length];
        expected[3] = -0.5;
        expected[12] = -0.5;
        assertThat(gradient).containsExactly(expected, within(1e-15));
    }
}
