// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sextant.algorithms.credit.RewardSignal;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;
import org.sextant.api.testkit.Settings;

class KlTest {
    private static final double[] LOGP = {-1, -0.3, -2.5, -4};
    private static final double[] REF = {-1.5, -0.9, -2.4, -1};

    @ParameterizedTest
    @CsvSource({"K1, 0.5", "ABS, 0.5", "K2, 0.125", "K3, 0.106531"})
    void byHand(Estimator estimator, double expected) {
        double[] kl = Kl.of(1, Placement.LOSS, estimator).estimate(new double[] {-1}, new double[] {-1.5});
        assertThat(kl[0]).isCloseTo(expected, within(1e-6));
    }

    /** A worked example of tutorials: π_ref/π = 1.1 and 1.01; and k3 has its arguments in this order, since swapped ones give 0.148721 above. */
    @ParameterizedTest
    @CsvSource({
        "1.1, K1, -0.095310, 1e-6",
        "1.1, K2, 0.004542, 1e-6",
        "1.1, K3, 0.004690, 1e-6",
        "1.01, K1, -0.009950, 1e-6",
        "1.01, K2, 0.0000495045, 1e-10",
        "1.01, K3, 0.0000496691, 1e-10"
    })
    void nearRatioOneByHand(double ratio, Estimator estimator, double expected, double tolerance) {
        double[] kl = Kl.of(1, Placement.LOSS, estimator).estimate(new double[] {0}, new double[] {Math.log(ratio)});
        assertThat(kl[0]).isCloseTo(expected, within(tolerance));
    }

    @ParameterizedTest
    @EnumSource(value = Estimator.class, names = "FULL", mode = EnumSource.Mode.EXCLUDE)
    void gradientIsThatOfTheValue(Estimator estimator) {
        Kl kl = Kl.of(1, Placement.LOSS, estimator);
        double[] gradient = gradient(kl);
        double h = 1e-6;
        for (int i = 0; i < LOGP.length; i++) {
            double slope = (at(kl, i, h) - at(kl, i, -h)) / (2 * h);
            assertThat(gradient[i]).isCloseTo(slope, within(1e-7));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Estimator.class, names = "FULL", mode = EnumSource.Mode.EXCLUDE)
    void straightThroughKeepsTheValueAndTakesTheGradientOfK2(Estimator estimator) {
        Kl plain = Kl.of(1, Placement.LOSS, estimator);
        Kl through = new Kl(1, Placement.LOSS, estimator, true, Optional.empty(), Optional.empty(), false);
        assertThat(through.estimate(LOGP, REF)).isEqualTo(plain.estimate(LOGP, REF));
        assertThat(gradient(through)).containsExactly(new double[] {0.5, 0.6, -0.1, -3}, within(1e-12));
    }

    /** Over all answers weighted by the policy, k1 and k3 are the KL itself, and the gradient of k2 is the gradient of the KL. */
    @Test
    void estimatorsAreUnbiasedByEnumeration() {
        double[] p = {0.7, 0.2, 0.1};
        double[] q = {0.5, 0.1, 0.4};
        double kl = 0;
        double k1 = 0;
        double k3 = 0;
        for (int v = 0; v < p.length; v++) {
            double[] logp = {Math.log(p[v])};
            double[] ref = {Math.log(q[v])};
            kl += p[v] * Math.log(p[v] / q[v]);
            k1 += p[v] * Kl.of(1, Placement.LOSS, Estimator.K1).estimate(logp, ref)[0];
            k3 += p[v] * Kl.of(1, Placement.LOSS, Estimator.K3).estimate(logp, ref)[0];
        }
        assertThat(k1).isCloseTo(kl, within(1e-12));
        assertThat(k3).isCloseTo(kl, within(1e-12));
    }

    @Test
    void rewardsPayForTheTokensThatCount() {
        boolean[] mask = {false, true, true, true};
        Experience batch = Experience.of(
                Layout.ofLengths(3, 1),
                Columns.of(Standard.RESPONSE_MASK, mask)
                        .with(Standard.OLD_LOGP, LOGP)
                        .with(Standard.REF_LOGP, REF));
        RewardSignal task = RewardSignal.ofRows(new double[] {1, Double.NaN}, null, batch.layout());
        RewardSignal shaped =
                KlPenalty.of(Kl.of(0.1, Placement.REWARD, Estimator.K1)).penalise(task, batch, new Metrics());
        assertThat(shaped.penalty()).containsExactly(new double[] {0, 0.06, -0.01, -0.3}, within(1e-12));
        double[] totals = shaped.totals(batch.layout(), mask);
        assertThat(totals[0]).isCloseTo(1 - 0.1 * (0.6 - 0.1), within(1e-12));
        assertThat(totals[1]).isNaN();
    }

    @Test
    void settingsThatWouldDoNothingAreRefused() {
        String defaults = "coefficient = 0.1, placement = reward, estimator = k1, straight-through = false, "
                + "difference-clamp = null, value-clamp = null, ratio-weighted = false";
        Settings through = Settings.of(defaults, "straight-through = true");
        Kl.read(through);
        assertThat(through.problems()).singleElement().asString().contains("placement = loss");
        Settings clamped = Settings.of(defaults, "value-clamp = 10");
        Kl.read(clamped);
        assertThat(clamped.problems()).singleElement().asString().contains("estimator = k3");
        Settings exact = Settings.of(defaults, "placement = loss, estimator = full, ratio-weighted = true");
        Kl.read(exact);
        assertThat(exact.problems()).singleElement().asString().contains("exact gradient");
    }

    private static double[] gradient(Kl kl) {
        Tape tape = new Tape(Layout.ofLengths(LOGP.length));
        Term logp = tape.variable(Domain.TOKEN, LOGP);
        Term estimate = kl.estimate(logp, tape.constant(Domain.TOKEN, REF));
        tape.gradients(Map.of(estimate, new double[] {1, 1, 1, 1}));
        return logp.gradient();
    }

    private static double at(Kl kl, int i, double shift) {
        double[] moved = LOGP.clone();
        moved[i] += shift;
        return kl.estimate(moved, REF)[i];
    }
}
