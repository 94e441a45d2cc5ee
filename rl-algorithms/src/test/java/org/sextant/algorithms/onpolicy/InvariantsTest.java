// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.Played;
import org.sextant.algorithms.Presets;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

/**
 * The advantages, the loss, the gradient and the metrics of a step do not depend on where rows stand, or on what stands around an answer; for every preset, and for settings that
 * look at the step as a whole. That they do not depend on micro-batches is in the contract that every preset is held to.
 */
class InvariantsTest {
    private static final String[][] MORE = {
        {"ppo", "entropy-bonus.coefficient = 0.02"},
        {"ppo", "value { aggregation = same, clip = null }, aggregation.kind = sequence-mean-token-mean"},
        {"ppo", "credit { whiten.scope = none, unit = turn }"},
        {"ppo", "credit.scale-rewards = true, surrogate.dual-clip = 1.1"},
        {"grpo", "credit.scale = batch, filter.top-entropy-share = 0.4"},
        {
            "grpo",
            "filter.top-entropy-share = 0.5, entropy-bonus { coefficient = 0.02, aggregation = top-entropy-mean },"
                    + " surrogate { kind = cispo, level = sequence-mean }"
        },
        {"grpo", "credit.whiten.scope = rows, kl { placement = reward, estimator = k1 }"},
        {"grpo", "kl { placement = reward-after-baseline, estimator = k1 }"},
        {"rloo", "correction { kind = truncate, level = sequence }, surrogate.kind = clip"},
        {"grpo", "correction { kind = mask, level = sequence, low = 0.5, high = 2 }, credit.anchor.weight = 0.3"},
        {"rloo", "surrogate { kind = sapo, level = sequence-mean }, truncated-answers = mask"},
        {"reinforce-pp", "credit { gamma = 0.9, holes = zero }"},
    };

    /** A name, a seed and how to make the algorithm. */
    record Case(String name, long seed, Supplier<Algorithm> algorithm) {
        @Override
        public String toString() {
            return name + ", seed " + seed;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (long seed = 1; seed <= 3; seed++) {
            for (String name : Presets.names()) {
                // Of equal answers the first is imitated: their order would matter.
                String more = List.of("raft", "rft").contains(name) ? "choice.unique = false" : "";
                cases.add(new Case(name, seed, () -> Presets.algorithm(name, more)));
            }
            for (String[] more : MORE) {
                cases.add(new Case(more[0] + " { " + more[1] + " }", seed, () -> Presets.algorithm(more[0], more[1])));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void orderOfRows(Case one) {
        Experience batch = withoutTies(Played.batch(one.algorithm().get(), one.seed()));
        int[] order =
                new Streams(one.seed()).open(StreamKey.of("invariants/order")).permutation(batch.rows());
        assertSame(one, batch, batch.select(Rows.of(order)));
    }

    /** RAFT takes the first of equally good answers, so their order matters there; a constant group stays one. */
    private static Experience withoutTies(Experience batch) {
        double[] reward = batch.get(Standard.REWARD).clone();
        Arrays.setAll(reward, row -> reward[row] == 0.1 ? 0.1 : reward[row] + 1e-3 * row);
        return batch.without(Standard.REWARD).with(Standard.REWARD, reward);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sideOfPadding(Case one) {
        Experience batch = Played.batch(one.algorithm().get(), one.seed());
        assertSame(one, batch, Played.padded(batch, all -> 0));
        assertSame(one, batch, Played.padded(batch, all -> all));
        assertSame(one, batch, Played.padded(batch, all -> all / 2));
    }

    private static void assertSame(Case one, Experience batch, Experience moved) {
        Layout layout = batch.layout();
        Map<String, double[]> expected = Played.step(one.algorithm().get(), batch, layout);
        Map<String, double[]> found = Played.step(one.algorithm().get(), moved, layout);
        assertThat(Arrays.stream(expected.get("gradient of logp")).anyMatch(g -> g != 0))
                .as("something to compare")
                .isTrue();
        Played.assertSame(one.toString(), found, expected);
    }
}
