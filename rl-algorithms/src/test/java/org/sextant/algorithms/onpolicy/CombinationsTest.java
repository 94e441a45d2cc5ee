// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.algorithms.Played;
import org.sextant.algorithms.Presets;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.experience.Experience;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.testkit.Settings;

/** Every axis can be chosen in every algorithm: random choices are refused when they are read, or work. */
class CombinationsTest {
    private static final int TRIALS = 30;

    private static final String[][] AXES = {
        {
            "",
            "credit { kind = group, baseline = mean, scale = batch }",
            "credit { kind = group, baseline = leave-one-out, scale = leave-one-out }",
            "credit { kind = group, baseline = length-weighted, scale = none }",
            "credit { kind = group, baseline = greedy, scale = none, advantage-limit = 0.5 }",
            "credit { kind = returns, baseline = none, scale = none, gamma = 0.9, holes = zero }",
            "credit { kind = returns, baseline = mean, scale = group, unit = turn, holes = cut }",
            "credit { kind = gae, lambda = 0.9, gamma = 0.99, bootstrap-truncated = true }",
            "credit { kind = gae, returns-lambda = 1, unit = turn, scale-rewards = true }",
            "credit { kind = optimal-token-baseline, align = choice }",
            "credit { kind = monte-carlo, branch-lambda = 0.5 }"
        },
        {"", "credit.whiten.scope = none", "credit.whiten { scope = tokens, ddof = 0 }", "credit.whiten.scope = rows"},
        {"", "", "credit.anchor { weight = 0.3, scope = difficulty }", "credit.penalty = own"},
        {
            "",
            "surrogate { kind = clip, level = token, dual-clip = 3 }",
            "surrogate { kind = clip, level = sequence-mean }",
            "surrogate { kind = clip, level = sequence-mean-token-gradient, delta = 2 }",
            "surrogate { kind = reinforce, level = sequence-product }",
            "surrogate { kind = cispo, level = token, clip-low = 1 }",
            "surrogate { kind = cispo, level = sequence-mean }",
            "surrogate { kind = sapo, level = token }",
            "surrogate { kind = sapo, level = sequence-product }"
        },
        {
            "",
            "",
            "correction { kind = truncate, level = token }",
            "correction { kind = mask, level = sequence, low = 0.5, high = 2 }"
        },
        {"", "", "filter.off-policy-limit = 0.1", "filter.top-entropy-share = 0.5"},
        {
            "",
            "kl.coefficient = 0",
            "kl { coefficient = 0.1, placement = loss, estimator = k3, straight-through = true }",
            "kl { coefficient = 0.1, placement = loss, estimator = k2, ratio-weighted = true }",
            "kl { coefficient = 0.1, placement = reward, estimator = k1 }",
            "kl { coefficient = 0.1, placement = reward-after-baseline, estimator = k3 }",
            "kl { coefficient = 0.1, schedule = adaptive, placement = reward, estimator = abs }"
        },
        {
            "",
            "aggregation.kind = token-mean",
            "aggregation { kind = sequence-mean-token-sum-norm, normaliser = 8 }",
            "aggregation { kind = sequence-mean-token-sum, count-empty-rows = false }",
            "aggregation.kind = sequence-mean"
        },
        {"", "value { clip = null, aggregation = same }", "entropy-bonus.coefficient = 0.01"},
        {"", "truncated-answers = mask", "invalid-rows = keep", "rewards.clip = 0.6"}
    };

    private static final int GROUP_CREDITS = 5;

    private static String[] choice(String algorithm, int trial) {
        Stream random = new Streams(trial).open(StreamKey.of("combinations/" + algorithm));
        List<String> chosen = new ArrayList<>(List.of("samples-per-prompt = 4"));
        for (String[] axis : AXES) {
            // What imitates refuses every credit but that of groups, which stand first.
            boolean credit = axis == AXES[0];
            chosen.add(axis[random.nextInt(credit && algorithm.equals("rft") ? GROUP_CREDITS : axis.length)]);
        }
        return chosen.toArray(String[]::new);
    }

    /** @return whether the settings were accepted */
    private static boolean works(String name, String[] chosen, int trial) {
        AlgorithmProvider provider = Presets.provider(name);
        String all = String.join("\n", chosen);
        Settings settings = Settings.of(provider.defaults(), all);
        Algorithm algorithm = provider.create(settings);
        if (!settings.problems().isEmpty()) {
            return false;
        }
        Experience batch = Played.batch(algorithm, trial);
        Map<String, double[]> expected = Played.step(algorithm, batch, batch.layout());
        Algorithm again = provider.create(Settings.of(provider.defaults(), all));
        Map<String, double[]> found = Played.step(again, Played.padded(batch, n -> n / 2), batch.layout());
        Played.assertSame(name + " with " + all, found, expected);
        return true;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ppo", "grpo", "rloo", "remax", "reinforce-pp", "rft"})
    void areRefusedOrWork(String algorithm) {
        int accepted = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            accepted += works(algorithm, choice(algorithm, trial), trial) ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(TRIALS / 3);
    }

    /** One axis at a time is accepted wherever nothing else contradicts it. */
    @Test
    void eachChoiceWorksInSomeAlgorithm() {
        for (String[] axis : AXES) {
            for (String one : axis) {
                assertThat(works("grpo", new String[] {"samples-per-prompt = 4", one}, 1)
                                || works("rloo", new String[] {"samples-per-prompt = 4", one}, 1))
                        .as(one)
                        .isTrue();
            }
        }
    }
}
