// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.algorithms.grpo.GrpoProvider;
import org.sextant.algorithms.ppo.PpoProvider;
import org.sextant.algorithms.reinforcepp.ReinforcePpProvider;
import org.sextant.algorithms.remax.RemaxProvider;
import org.sextant.algorithms.rft.RftProvider;
import org.sextant.algorithms.rloo.RlooProvider;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.testkit.Settings;

class ExplainTest {
    private static final Map<String, AlgorithmProvider> PROVIDERS = Map.of(
            "ppo", new PpoProvider(),
            "grpo", new GrpoProvider(),
            "rloo", new RlooProvider(),
            "remax", new RemaxProvider(),
            "reinforce-pp", new ReinforcePpProvider(),
            "rft", new RftProvider());

    private static Explanation explain(String name, String settings, Circumstances where) {
        AlgorithmProvider provider = PROVIDERS.get(name);
        Settings own = Settings.of(provider.defaults(), settings.replace(';', '\n'));
        Explanation said = provider.create(own).explain(where);
        assertThat(own.problems()).isEmpty();
        return said;
    }

    private static Circumstances updates(int updates) {
        return new Circumstances(updates, Sampling.atTemperature(1), 16);
    }

    /** Each mistake is named with the key to change, and is not said once that is changed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        grpo   | 4 | samples-per-prompt = 1                          | samples-per-prompt = 2              | credit.baseline = mean with samples-per-prompt = 1
        rloo   | 1 | samples-per-prompt = 1                          | samples-per-prompt = 2              | credit.baseline = leave-one-out with samples-per-prompt = 1
        rft    | 1 | samples-per-prompt = 1                          | samples-per-prompt = 4              | nothing to choose from
        grpo   | 4 | credit.whiten.scope = tokens                    | credit.scale = none; credit.whiten.scope = tokens | divided by a standard deviation twice
        reinforce-pp | 4 | credit.whiten.scope = none                | credit.whiten.scope = tokens        | credit.baseline = none without whitening
        ppo    | 4 | credit.gamma = 0.9                              | credit.gamma = 1                    | counts half 7 tokens before it
        rloo   | 2 | surrogate.kind = reinforce                      | surrogate.kind = clip; surrogate.level = token; aggregation.kind = token-mean | surrogate.kind = reinforce with 2 optimiser steps
        rloo   | 2 | surrogate.kind = clip                           | surrogate { kind = clip, level = sequence-mean } | surrogate.level = sequence-product with 2
        grpo   | 2 | surrogate.dual-clip = 1.1                       | surrogate.dual-clip = 3             | surrogate.dual-clip is not above
        grpo   | 1 | surrogate.delta = 2                             | surrogate.delta = null              | always 1
        grpo   | 2 | kl { coefficient = 1, estimator = k1 }          | kl { coefficient = 1, estimator = k2 } | the expectation of its gradient is 0
        grpo   | 2 | kl { coefficient = 0, schedule = adaptive }     | kl { coefficient = 1, schedule = adaptive } | which stays 0
        grpo   | 4 | aggregation { kind = sequence-mean-token-sum-norm, normaliser = 512 } | aggregation { kind = sequence-mean-token-sum-norm, normaliser = 16 } | normaliser = 512
        remax  | 1 | rewards.components = [{ name = a, weight = 1 }] | credit.baseline = greedy            | greedy answers have the reward of the run
        grpo   | 2 | entropy-bonus.coefficient = -1                  | entropy-bonus.coefficient = 1       | makes the policy certain
        """)
    void namesMistakes(String name, int updates, String mistaken, String mended, String said) {
        assertThat(explain(name, mistaken, updates(updates)).warnings()).anyMatch(w -> w.contains(said));
        assertThat(explain(name, mended, updates(updates)).warnings()).isEmpty();
    }

    @Test
    void samplingFromPartOfThePolicyNeedsACorrection() {
        Sampling nucleus = new Sampling(false, 1, 0, 0.9, 0, 1, 0, 1, 0, 0, java.util.List.of());
        Circumstances where = new Circumstances(1, nucleus, 16);

        assertThat(explain("grpo", "", where).warnings()).anyMatch(w -> w.contains("correction.kind = truncate"));
        assertThat(explain("grpo", "correction.kind = truncate", where).warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ppo,4", "grpo,4", "rloo,1", "remax,1", "reinforce-pp,4", "rft,4"})
    void defaultsAreNoMistake(String name, int updates) {
        assertThat(explain(name, "", updates(updates)).warnings()).isEmpty();
    }

    @Test
    void settingsStandInTheirPlaces() {
        Map<String, String> ppo = explain(
                        "ppo",
                        "credit { lambda = 0.9, gamma = 1 }; value.clip = 0.3; value.coefficient = 0.5;"
                                + " surrogate { clip-low = 0.1, clip-high = 0.3 }; entropy-bonus.coefficient = 0.01;"
                                + " kl.coefficient = 0.05",
                        updates(4))
                .lines();

        assertThat(ppo.get("advantage")).contains("λ = 0.9");
        assertThat(ppo.get("policy")).isEqualTo("l = −min(ρ A, clip(ρ, 0.9, 1.3) A)");
        assertThat(ppo.get("value")).contains("V_old ± 0.3");
        assertThat(ppo.get("β")).isEqualTo("0.05");
        assertThat(ppo.get("loss")).isEqualTo("policy + 0.5 value − 0.01 entropy");
        assertThat(ppo.get("KL in reward")).contains("before the baseline");
    }

    @Test
    void aPenaltyInTheLossIsAPartOfIt() {
        Map<String, String> grpo = explain("grpo", "kl { coefficient = 0.1, estimator = k3 }", updates(2))
                .lines();

        assertThat(grpo.get("loss")).isEqualTo("policy + β KL");
        assertThat(grpo).doesNotContainKey("KL in reward");
    }

    /** Its gradient is in two places, see {@code Kl}. */
    @Test
    void theExactKlInTheRewardIsInTheLossAsWell() {
        Map<String, String> grpo = explain(
                        "grpo", "kl { coefficient = 0.1, estimator = full, placement = reward }", updates(2))
                .lines();

        assertThat(grpo.get("loss")).isEqualTo("policy + β KL");
        assertThat(grpo).containsKeys("KL in reward", "KL");
    }
}
