// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.testkit.Batches;
import org.sextant.api.testkit.Settings;

/** The presets of {@code conf/algorithms} mean what their papers say; by hand, on one group of three answers. */
class PresetsTest {
    /** Answers of 2, 1 and 1 tokens after a prompt of one; the first is right. */
    private static final double[] OLD = {0, -1, -2, 0, -1.5, 0, -3};

    private static Experience batch(Algorithm algorithm) {
        Experience batch = Batches.rows(3, 2, 2)
                .prompts(1, 1, 1)
                .group(0, 0, 0)
                .reward(1, 0, 0)
                .with(Standard.OLD_LOGP, OLD)
                .build();
        return batch.with(algorithm.credit(batch, new Metrics()));
    }

    /** The gradient where the tokens' ratios are these. */
    private static double[] gradient(Algorithm algorithm, double first, double second, double third, double fourth) {
        double[] logp = OLD.clone();
        logp[1] += Math.log(first);
        logp[2] += Math.log(second);
        logp[4] += Math.log(third);
        logp[6] += Math.log(fourth);
        return Trial.of(algorithm, batch(algorithm), logp).gradient();
    }

    private static double[] answers(double[] tokens) {
        return new double[] {tokens[1], tokens[2], tokens[4], tokens[6]};
    }

    @ParameterizedTest
    @MethodSource("org.sextant.algorithms.Presets#names")
    void everyKeyOfAPresetIsRead(String name) {
        ConfigReader block = Presets.file(name).object("algorithm");
        Settings settings = Settings.of(
                "algorithm {\n" + Presets.provider(block.string("name")).defaults() + "\n}", Presets.text(name));
        ConfigReader own = settings.object("algorithm");
        Presets.provider(own.string("name")).create(own);
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.unread())
                .filteredOn(key -> key.startsWith("algorithm."))
                .noneMatch(key -> RecipesTest.isSet(Presets.file(name), key));
    }

    /** At the length that they are written for; what is known to be a mistake of two sources is said where their presets have it. */
    @ParameterizedTest
    @MethodSource("org.sextant.algorithms.Presets#names")
    void aPresetIsNoMistake(String name) {
        Settings phase = Presets.file(name);
        int epochs = phase.has("epochs") ? phase.integer("epochs", Range.any()) : 1;
        int cuts = phase.has("mini-batches") ? phase.integer("mini-batches", Range.any()) : 1;
        List<String> warnings = Presets.algorithm(name)
                .explain(new Circumstances(epochs * cuts, Sampling.atTemperature(1), 3000))
                .warnings();
        Map<String, String> known = Map.of("rloo-clip", "sequence-product", "remax-authors", "credit.gamma = 0.99");
        if (known.containsKey(name)) {
            assertThat(warnings).singleElement().asString().contains(known.get(name));
        } else {
            assertThat(warnings).isEmpty();
        }
    }

    /** Dr. GRPO, equation 3: R less its mean, no deviation, and one constant in the place of each answer's length. */
    @Test
    void drGrpo() {
        Algorithm drGrpo = Presets.algorithm("dr-grpo", "aggregation.normaliser = 10");
        assertThat(batch(drGrpo).get(Advantages.BY_ROW))
                .containsExactly(new double[] {2 / 3.0, -1 / 3.0, -1 / 3.0}, within(1e-12));
        double unit = 1 / (3.0 * 3 * 10);
        assertThat(answers(gradient(drGrpo, 1, 1, 1, 1)))
                .containsExactly(new double[] {-2 * unit, -2 * unit, unit, unit}, within(1e-12));
        assertThat(drGrpo.needs().roles()).isEmpty();
    }

    /** DAPO, equation 8: clip 0.2 below and 0.28 above, the mean over all tokens, no reference. */
    @Test
    void dapo() {
        Algorithm dapo = Presets.algorithm("dapo", "credit.epsilon = 0");
        double high = 2 / Math.sqrt(3) / 4;
        double low = -1 / Math.sqrt(3) / 4;
        assertThat(answers(gradient(dapo, 1.27, 1.29, .81, .79)))
                .containsExactly(new double[] {-1.27 * high, 0, -.81 * low, 0}, within(1e-12));
        assertThat(answers(gradient(dapo, .5, 1, 1.5, 1)))
                .as("what goes the other way is not clipped")
                .containsExactly(new double[] {-.5 * high, -high, -1.5 * low, -low}, within(1e-12));
        assertThat(dapo.needs().roles()).isEmpty();
        Settings phase = Presets.file("dapo");
        assertThat(phase.object("dynamic-sampling").integer("rounds", Range.any()))
                .isGreaterThan(1);
        ConfigReader overlong = phase.object("answers").object("overlong");
        assertThat(overlong.integer("limit", Range.any())).isEqualTo(20480);
        assertThat(overlong.integer("buffer", Range.any())).isEqualTo(4096);
        assertThat(overlong.decimal("penalty", Range.any())).isEqualTo(1);
    }

    /** GSPO, equations 5 to 7: the geometric mean of an answer's ratios, in each answer's mean, with its own narrow clip. */
    @Test
    void gspo() {
        Algorithm gspo = Presets.algorithm("gspo", "credit.epsilon = 0");
        double high = 2 / Math.sqrt(3) / 3;
        double low = -1 / Math.sqrt(3) / 3;
        // Tokens 2 and ½ cancel; alone each would be clipped. The gradient of an answer is spread over its tokens.
        assertThat(answers(gradient(gspo, 2, .5, 1.0001, 1)))
                .containsExactly(new double[] {-high / 2, -high / 2, -1.0001 * low, -low}, within(1e-12));
        double above = Math.sqrt(1.0005 * 1.0005);
        assertThat(above).isGreaterThan(1 + 4e-4);
        assertThat(answers(gradient(gspo, 1.0005, 1.0005, .9996, .9998)))
                .containsExactly(new double[] {0, 0, 0, -.9998 * low}, within(1e-12));
        // The product of two would be out of the clip, their mean is not.
        assertThat(answers(gradient(gspo, 1.0003, 1.0003, 1, 1))[0]).isCloseTo(-1.0003 * high / 2, within(1e-12));
        assertThat(gspo.needs().roles()).isEmpty();
    }

    /** MiniMax-M1, equations 4 and 5: every token keeps the gradient of its log-probability, weighted by min(ρ, 1 + ε_high). */
    @Test
    void cispo() {
        Algorithm cispo = Presets.algorithm("cispo", "credit.epsilon = 0");
        double high = 2 / Math.sqrt(3) / 4;
        double low = -1 / Math.sqrt(3) / 4;
        assertThat(answers(gradient(cispo, 3, .01, 3, .01)))
                .containsExactly(new double[] {-1.28 * high, -.01 * high, -1.28 * low, -.01 * low}, within(1e-12));
        assertThat(cispo.needs().roles()).isEmpty();
    }

    /** RLOO of the product of an answer's ratios: outside the clip the whole answer has no gradient. */
    @Test
    void rlooClip() {
        Algorithm rloo = Presets.algorithm("rloo-clip", "kl.coefficient = 0");
        assertThat(batch(rloo).get(Advantages.BY_ROW)).containsExactly(1, -.5, -.5);
        assertThat(answers(gradient(rloo, 1.15, 1.15, 1, 1)))
                .containsExactly(new double[] {0, 0, .5 / 3, .5 / 3}, within(1e-12));
        assertThat(answers(gradient(rloo, 1.15, 1.04, .79, 1)))
                .containsExactly(new double[] {-1.196 / 3, -1.196 / 3, 0, .5 / 3}, within(1e-12));
        assertThat(Presets.file("rloo-clip").integer("mini-batches", Range.any()))
                .isGreaterThan(1);
    }

    /** The plain files add nothing to the algorithms' defaults, and PPO's phase has several epochs and a critic of its own. */
    @Test
    void plain() {
        for (String name : new String[] {"grpo", "ppo", "reinforce-pp", "remax", "rft", "rloo"}) {
            Settings file = Presets.file(name);
            ConfigReader block = file.object("algorithm");
            assertThat(block.string("name")).isEqualTo(name);
            assertThat(file.unread()).as(name).noneMatch(key -> key.startsWith("algorithm."));
        }
        Settings ppo = Presets.file("ppo");
        assertThat(ppo.integer("epochs", Range.any())).isEqualTo(4);
        assertThat(ppo.object("critic").string("trunk")).isEqualTo("own");
    }
}
