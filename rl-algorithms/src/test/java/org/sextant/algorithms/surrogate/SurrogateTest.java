// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sextant.algorithms.surrogate.Surrogate.Kind;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Layout;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;

class SurrogateTest {
    private static final Layout LAYOUT = Layout.ofLengths(3, 2);
    private static final boolean[] MASK = {false, true, true, true, true};
    private static final double[] LOGP = {-9, -1, -0.4, -2, -1.2};
    private static final double[] OLD = {-1, -1.1, -0.3, -1.7, -1.5};

    @ParameterizedTest
    @CsvSource({
        "1, 1.5, , , -1.2",
        "1, 0.5, , , -0.5",
        "-1, 1.5, , , 1.5",
        "-1, 0.5, , , 0.8",
        "-1, 5, , , 5",
        "-1, 5, 3, , 3",
        "1, 5, 3, , -1.2",
        "-1, 5, , 2, 2",
        "1, 0.5, , 2, -0.5"
    })
    void clipByHand(double advantage, double ratio, Double dualClip, Double delta, double expected) {
        Surrogate surrogate = new Surrogate(
                Kind.CLIP,
                Level.TOKEN,
                0.2,
                0.2,
                Optional.ofNullable(dualClip),
                Optional.ofNullable(delta),
                Optional.empty());
        Tape tape = new Tape(Layout.ofLengths(1));
        Term loss = surrogate.clipLoss(
                tape.variable(Domain.TOKEN, new double[] {ratio}),
                tape.constant(Domain.TOKEN, new double[] {advantage}));
        assertThat(loss.values()[0]).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void ratiosOfEachLevel(Level level) {
        double[] ratio = loss(Surrogate.clip(level, 1, 100), LOGP, OLD, level.byRow() ? Domain.ROW : Domain.TOKEN);
        double[] expected = switch (level) {
            case TOKEN -> exp(-8, 0.1, -0.1, -0.3, 0.3);
            case SEQUENCE_PRODUCT -> exp(0, 0);
            case SEQUENCE_MEAN -> exp(0, 0);
            case SEQUENCE_MEAN_TOKEN_GRADIENT -> exp(0, 0, 0, 0, 0);
        };
        assertThat(ratio).containsExactly(expected, within(1e-12));
    }

    @Test
    void productAndMeanDifferByTheLength() {
        double[] logp = {-9, -1, -0.1, -2, -1.2};
        assertThat(loss(Surrogate.clip(Level.SEQUENCE_PRODUCT, 1, 100), logp, OLD, Domain.ROW)[0])
                .isCloseTo(Math.exp(0.3), within(1e-12));
        assertThat(loss(Surrogate.clip(Level.SEQUENCE_MEAN, 1, 100), logp, OLD, Domain.ROW)[0])
                .isCloseTo(Math.exp(0.15), within(1e-12));
    }

    /** Where nothing has moved yet, every level of the clipped loss has the gradient of REINFORCE at that level. */
    @ParameterizedTest
    @EnumSource(Level.class)
    void onPolicyGradientIsThatOfReinforce(Level level) {
        double[] clipped = gradient(Surrogate.clip(level, 0.2, 0.2), LOGP, LOGP, level);
        // The geometric mean with the token's gradient is the score of each token.
        Level score = level == Level.SEQUENCE_MEAN_TOKEN_GRADIENT ? Level.TOKEN : level;
        Surrogate reinforce =
                new Surrogate(Kind.REINFORCE, score, 0.2, 0.2, Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(clipped).containsExactly(gradient(reinforce, LOGP, LOGP, level), within(1e-15));
        double[] byHand = switch (level) {
            case TOKEN, SEQUENCE_MEAN_TOKEN_GRADIENT -> new double[] {-2, -2, -2, 0.5, 0.5};
            case SEQUENCE_PRODUCT -> new double[] {0, -2, -2, 0.5, 0.5};
            case SEQUENCE_MEAN -> new double[] {0, -1, -1, 0.25, 0.25};
        };
        assertThat(clipped).containsExactly(byHand, within(1e-15));
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"TOKEN", "SEQUENCE_PRODUCT", "SEQUENCE_MEAN"})
    void gradientsMatchFiniteDifferences(Level level) {
        double[] logp = {-1.3, -0.7, -0.5, -2, -1.35};
        Surrogate surrogate =
                new Surrogate(Kind.CLIP, level, 0.2, 0.3, Optional.of(1.2), Optional.of(1.25), Optional.of(0.25));
        double[] gradient = gradient(surrogate, logp, OLD, level);
        double h = 1e-6;
        for (int t = 0; t < logp.length; t++) {
            double slope = (total(surrogate, logp, t, h, level) - total(surrogate, logp, t, -h, level)) / (2 * h);
            assertThat(gradient[t]).as("token %d", t).isCloseTo(slope, within(1e-7));
        }
    }

    @Test
    void logRatioClampStopsValueAndGradient() {
        Surrogate surrogate =
                new Surrogate(Kind.CLIP, Level.TOKEN, 1, 100, Optional.empty(), Optional.empty(), Optional.of(0.2));
        assertThat(loss(surrogate, LOGP, OLD, Domain.TOKEN))
                .containsExactly(exp(-0.2, 0.1, -0.1, -0.2, 0.2), within(1e-12));
        assertThat(gradient(surrogate, LOGP, OLD, Level.TOKEN)[4]).isZero();
    }

    /** σ(1) = 0.731059, σ(−0.525) = 0.371683, σ(0) = ½; the slope in ρ of a token that has not moved is −A. */
    @ParameterizedTest
    @CsvSource({"2, 2, -5.848469", "-1, 0.5, 1.415938", "1, 1, -2"})
    void softGateByHand(double advantage, double ratio, double expected) {
        Tape tape = new Tape(Layout.ofLengths(1));
        Term rho = tape.variable(Domain.TOKEN, new double[] {ratio});
        Term loss = SoftGate.PUBLISHED.loss(rho, tape.constant(Domain.TOKEN, new double[] {advantage}));
        tape.gradients(Map.of(loss, new double[] {1}));
        assertThat(loss.values()[0]).isCloseTo(expected, within(1e-6));
        if (ratio == 1) {
            assertThat(rho.gradient()[0]).isCloseTo(-advantage, within(1e-12));
        } else {
            assertThat(Math.abs(rho.gradient()[0])).isLessThan(Math.abs(advantage));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Level.class,
            names = {"TOKEN", "SEQUENCE_PRODUCT", "SEQUENCE_MEAN"})
    void softGateGradientsMatchFiniteDifferences(Level level) {
        double[] logp = {-1.3, -0.7, -0.5, -2, -1.35};
        Surrogate surrogate = new Surrogate(
                Kind.SAPO, level, 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), new SoftGate(1.5, 3));
        double[] gradient = gradient(surrogate, logp, OLD, level);
        double h = 1e-6;
        for (int t = 0; t < logp.length; t++) {
            double slope = (total(surrogate, logp, t, h, level) - total(surrogate, logp, t, -h, level)) / (2 * h);
            assertThat(gradient[t]).as("token %d", t).isCloseTo(slope, within(1e-7));
        }
    }

    private static double[] exp(double... x) {
        double[] e = new double[x.length];
        for (int i = 0; i < e.length; i++) {
            e[i] = Math.exp(x[i]);
        }
        return e;
    }

    /** Minus the loss for an advantage of 1: the ratio, unless it is clipped. */
    private static double[] loss(Surrogate surrogate, double[] logp, double[] old, Domain advantages) {
        Tape tape = new Tape(LAYOUT);
        double[] ones = new double[LAYOUT.size(advantages)];
        java.util.Arrays.fill(ones, 1);
        Term loss = surrogate.loss(
                tape.variable(Domain.TOKEN, logp),
                tape.constant(Domain.TOKEN, old),
                tape.constant(advantages, ones),
                MASK);
        return java.util.Arrays.stream(loss.values()).map(v -> -v).toArray();
    }

    private static Term term(Tape tape, Surrogate surrogate, Term logp, double[] old, Level level) {
        Term advantages = level.byRow()
                ? tape.constant(Domain.ROW, new double[] {2, -0.5})
                : tape.constant(Domain.TOKEN, new double[] {2, 2, 2, -0.5, -0.5});
        return surrogate.loss(logp, tape.constant(Domain.TOKEN, old), advantages, MASK);
    }

    private static double[] gradient(Surrogate surrogate, double[] logp, double[] old, Level level) {
        Tape tape = new Tape(LAYOUT);
        Term variable = tape.variable(Domain.TOKEN, logp);
        Term sum = term(tape, surrogate, variable, old, level).sum();
        tape.gradients(Map.of(sum, new double[] {1}));
        return variable.gradient();
    }

    private static double total(Surrogate surrogate, double[] logp, int t, double shift, Level level) {
        double[] moved = logp.clone();
        moved[t] += shift;
        Tape tape = new Tape(LAYOUT);
        return term(tape, surrogate, tape.variable(Domain.TOKEN, moved), OLD, level)
                .sum()
                .values()[0];
    }
}
