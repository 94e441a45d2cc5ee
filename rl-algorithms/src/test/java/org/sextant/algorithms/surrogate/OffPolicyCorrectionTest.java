// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.algorithms.Presets;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.surrogate.OffPolicyCorrection.Kind;
import org.sextant.algorithms.surrogate.OffPolicyCorrection.Level;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.testkit.Batches;

class OffPolicyCorrectionTest {
    /** Answers of 2, 1 and 1 tokens after prompts of one, whose weights π_old/π_sampled are 4 and ½, 0.8, 0.1; the first is right. */
    private static Experience batch() {
        double[] old = {0, -1, -1, 0, -1, 0, -1};
        double[] weights = {1e9, 4, .5, 1e9, .8, 1e9, .1};
        double[] sampled = old.clone();
        Arrays.setAll(sampled, t -> old[t] - Math.log(weights[t]));
        return Batches.rows(3, 2, 2)
                .prompts(1, 1, 1)
                .group(0, 0, 0)
                .reward(1, 0, 0)
                .with(Standard.OLD_LOGP, old)
                .with(Standard.SAMPLING_LOGP, sampled)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "TRUNCATE, TOKEN, 0, 2, 2, 0.5, 0.8, 0.1",
        "TRUNCATE, TOKEN, 0.6, 2, 2, 0.6, 0.8, 0.6",
        "MASK, TOKEN, 0.2, 3, 0, 0.5, 0.8, 0",
        "MASK, TOKEN, 0, 10, 4, 0.5, 0.8, 0.1",
        // The product of 4 and ½.
        "TRUNCATE, SEQUENCE, 0, 10, 2, 2, 0.8, 0.1",
        "TRUNCATE, SEQUENCE, 0.5, 1.5, 1.5, 1.5, 0.8, 0.5",
        "MASK, SEQUENCE, 0.5, 1.5, 0, 0, 0.8, 0",
        "MASK, SEQUENCE, 0.05, 3, 2, 2, 0.8, 0.1",
        "OFF, TOKEN, 0, 1, 1, 1, 1, 1"
    })
    void weightsByHand(Kind kind, Level level, double low, double high, double a, double b, double c, double d) {
        Experience batch = batch();
        double[] found =
                new OffPolicyCorrection(kind, level, low, high).weights(batch, batch.get(Standard.RESPONSE_MASK));
        assertThat(new double[] {found[1], found[2], found[4], found[6]})
                .containsExactly(new double[] {a, b, c, d}, within(1e-12));
    }

    private static Trial trial(Algorithm algorithm) {
        Experience batch = batch();
        return Trial.of(algorithm, batch.with(algorithm.credit(batch, new Metrics())), batch.get(Standard.OLD_LOGP));
    }

    /** Gradients are multiplied, the number of tokens they are divided by is not; what is masked has none. */
    @Test
    void weighsTheGradientAndLeavesTheDenominators() {
        String settings = "credit.scale = none, kl.coefficient = 0, aggregation.kind = token-mean";
        Trial trial = trial(
                Presets.algorithm("grpo", settings, "correction { kind = mask, level = token, low = 0.2, high = 5 }"));
        double[] expected = {0, -4 * 2 / 12.0, -.5 * 2 / 12, 0, .8 / 12, 0, 0};
        assertThat(trial.gradient()).containsExactly(expected, within(1e-12));
        assertThat(trial.metric("sampling/importance_sampling_ratio/mean")).isCloseTo((4 + .5 + .8) / 4, within(1e-12));
        assertThat(trial(Presets.algorithm("grpo", settings)).gradient())
                .containsExactly(new double[] {0, -2 / 12.0, -2 / 12.0, 0, 1 / 12.0, 0, 1 / 12.0}, within(1e-12));
    }

    /** RLOO takes answers whole: each weighs what its weight says. */
    @ParameterizedTest
    @CsvSource({"reinforce", "clip"})
    void weighsAnswersWhereTheLossIsOfAnswers(String kind) {
        Algorithm rloo = Presets.algorithm(
                "rloo",
                "kl.coefficient = 0, surrogate.kind = " + kind,
                "correction { kind = truncate, level = sequence, low = 0, high = 1.5 }");
        Trial trial = trial(rloo);
        double[] expected = {0, -1.5 / 3, -1.5 / 3, 0, .8 * .5 / 3, 0, .1 * .5 / 3};
        assertThat(trial.gradient()).containsExactly(expected, within(1e-12));
    }
}
