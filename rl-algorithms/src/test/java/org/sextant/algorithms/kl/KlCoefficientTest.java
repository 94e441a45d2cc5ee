// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.algorithms.Presets;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.StateMap;
import org.sextant.api.testkit.Batches;
import org.sextant.api.testkit.Settings;

class KlCoefficientTest {
    /** β (1 + clip(kl/6 − 1, ±0.2) · 256/10000): the error is limited on both sides, and is 0.1 and 0 within. */
    @ParameterizedTest
    @CsvSource({"9, 0.201024", "3, 0.198976", "7.2, 0.201024", "6.6, 0.200512", "6, 0.2", "0, 0.198976"})
    void theAdaptiveOneMovesTowardsItsTarget(double kl, double expected) {
        KlCoefficient adaptive = KlCoefficient.adaptive(.2, 6, 10000);
        adaptive.begin();
        adaptive.observe(kl, 256);
        assertThat(adaptive.now()).as("of the step under way").isEqualTo(.2);
        adaptive.begin();
        assertThat(adaptive.now()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void theAdaptiveOneGoesOnFromWhatItHasBecome() {
        KlCoefficient adaptive = KlCoefficient.adaptive(1, 1, 10);
        assertThat(steps(adaptive, 2, .5, 1.1, 1))
                .containsExactly(new double[] {1, 1.02, 1.02 * .98, 1.02 * .98 * 1.01}, within(1e-12));
    }

    @Test
    void theFixedOneStays() {
        assertThat(steps(KlCoefficient.fixed(.3), 9, 0, 100)).containsExactly(.3, .3, .3);
        assertThat(KlCoefficient.fixed(.3).constant()).isTrue();
    }

    @Test
    void theLinearOneArrivesAndStays() {
        KlCoefficient linear = KlCoefficient.linear(.4, .1, 4);
        assertThat(linear.constant()).isFalse();
        assertThat(steps(linear, 0, 0, 0, 0, 0, 0))
                .containsExactly(new double[] {.4, .3, .2, .1, .1, .1}, within(1e-12));
    }

    @Test
    void whetherAPenaltyIsThereDoesNotChangeOnTheWay() {
        assertThat(KlCoefficient.fixed(0).active()).isFalse();
        assertThat(KlCoefficient.linear(0, .1, 3).active()).isTrue();
        KlCoefficient falling = KlCoefficient.linear(.1, 0, 2);
        steps(falling, 0, 0, 0);
        assertThat(falling.now()).isZero();
        assertThat(falling.active()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "adaptive", "linear"})
    void goesOnFromItsSavedState(String schedule) {
        String[] settings = {
            "coefficient = 0.2, target = 0.05, horizon = 7, final = 0.01, steps = 5", "schedule = " + schedule
        };
        KlCoefficient original = KlCoefficient.read(Settings.of(settings));
        steps(original, .2, .01);
        StateMap saved = new StateMap();
        original.save(saved);
        KlCoefficient restored = KlCoefficient.read(Settings.of(settings));
        restored.load(saved);
        saved.assertAllRead();
        assertThat(steps(restored, .3, .1, .02)).containsExactly(steps(original, .3, .1, .02));
    }

    /** The factor that the credit of a step has is that of its loss and its metric; what the step observes counts from the next one on. */
    @Test
    void oneFactorForAllOfAStep() {
        Algorithm grpo = Presets.algorithm(
                "grpo", "kl { coefficient = 1, schedule = adaptive, target = 0.1, horizon = 20, estimator = k1 }");
        // Means of answers 0.4 and 0: 0.2 is 100 % too much, of which 20 % count.
        Experience batch = Batches.rows(3, 2)
                .prompts(1, 1)
                .group(0, 0)
                .reward(1, 0)
                .with(Standard.OLD_LOGP, new double[] {0, -1, -1, 0, -1})
                .with(Standard.REF_LOGP, new double[] {0, -1.5, -1.3, 0, -1})
                .build();
        for (double expected : new double[] {1, 1.02, 1.0404}) {
            Metrics metrics = new Metrics();
            grpo.credit(batch, metrics);
            assertThat(metrics.values().get("kl_coefficient")).isCloseTo(expected, within(1e-12));
            assertThat(metrics.values().get("objective/kl")).isCloseTo(.4, within(1e-12));
        }
    }

    /** The coefficient of each step, the last of which is not the one that follows the last observation. */
    private static double[] steps(KlCoefficient coefficient, double... observed) {
        double[] found = new double[observed.length];
        for (int step = 0; step < found.length; step++) {
            coefficient.begin();
            found[step] = coefficient.now();
            coefficient.observe(observed[step], 1);
        }
        return found;
    }
}
