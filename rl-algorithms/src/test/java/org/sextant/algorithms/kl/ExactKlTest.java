// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.algorithms.Presets;
import org.sextant.algorithms.credit.ToyPolicy;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.api.algorithm.Algorithm;

/** Estimators of the KL against the exact one of a policy whose answers can be enumerated: values, gradients, variances, and the optimum that they lead to. */
class ExactKlTest {
    private static final ToyPolicy REFERENCE =
            new ToyPolicy(new double[][] {{.1, .2, -.3}, {.6, -.5, .1}, {-.2, .4, .3}});
    private static final double[] DIRECTION = {.4, -.7, .2, -.3, .8, .1, .9, -.5, -.6};
    private static final Enumerated TOY = new Enumerated(ToyPolicy.some(), REFERENCE);
    private static final double[] NOTHING = new double[TOY.answers().size()];

    private static Kl kl(Estimator estimator) {
        return Kl.of(1, Placement.LOSS, estimator);
    }

    @Test
    void k1AndK3AreTheKlOnAverageAndTheOthersAreNot() {
        double exact = TOY.kl();
        assertThat(exact).isGreaterThan(.1);
        assertThat(TOY.expectation(y -> TOY.sum(kl(Estimator.K1), y))).isCloseTo(exact, within(1e-12));
        assertThat(TOY.expectation(y -> TOY.sum(kl(Estimator.K3), y))).isCloseTo(exact, within(1e-12));
        assertThat(TOY.expectation(y -> TOY.sum(kl(Estimator.K2), y)))
                .isCloseTo(exact, within(.5 * exact))
                .isNotCloseTo(exact, within(1e-3));
        assertThat(TOY.expectation(y -> TOY.sum(kl(Estimator.ABS), y))).isGreaterThan(exact + .1);
    }

    @Test
    void theFullKlOfTheStatesThatAreVisitedIsTheKl() {
        double full = TOY.expectation(y -> {
            double sum = 0;
            for (int t = 0; t < y.length; t++) {
                sum += Enumerated.kl(TOY.policy().distribution(y, t), REFERENCE.distribution(y, t));
            }
            return sum;
        });
        assertThat(full).isCloseTo(TOY.kl(), within(1e-12));
    }

    /** What the gradient of each estimator in the loss is, on average: of nothing, of KL(π ‖ π_ref), or of KL(π_ref ‖ π), in the states that were visited. */
    @ParameterizedTest
    @CsvSource({
        "estimator = k1, NONE",
        "estimator = k2, REVERSE",
        "estimator = k3, FORWARD",
        "'estimator = k1, straight-through = true', REVERSE",
        "'estimator = k3, straight-through = true', REVERSE",
        "'estimator = k1, ratio-weighted = true', REVERSE",
        "'estimator = k3, ratio-weighted = true', REVERSE",
        "estimator = full, REVERSE"
    })
    void inTheLoss(String settings, Of of) {
        Algorithm algorithm = Presets.algorithm(
                "grpo",
                "kl { coefficient = 0.7, placement = loss, " + settings + " }",
                "aggregation.kind = sequence-mean-token-sum");
        double[] expected = slopes(policy -> .7 * visited(policy, of));
        assertThat(TOY.gradient(algorithm, NOTHING)).containsExactly(expected, within(1e-7));
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(largest).isCloseTo(of == Of.NONE ? 0 : .1, within(of == Of.NONE ? 1e-12 : .09));
    }

    /** In the reward k1 has the gradient of the KL of whole answers, which knows that a choice leads to other states. */
    @ParameterizedTest
    @CsvSource({
        "rloo, 'credit.baseline = none, kl { placement = reward, estimator = k1 }'",
        "remax, 'kl { placement = reward-after-baseline, estimator = k1 }'",
        "reinforce-pp, 'credit.whiten.scope = none, kl { placement = reward, estimator = k1 }'",
        "rloo, 'credit.baseline = none, kl { placement = reward, estimator = full }'",
        "remax, 'kl { placement = reward-after-baseline, estimator = full }'"
    })
    void inTheReward(String algorithm, String settings) {
        double[] expected = slopes(policy -> .7 * new Enumerated(policy, REFERENCE).kl());
        double[] found = TOY.gradient(summing(algorithm, settings, .7), NOTHING);
        assertThat(found).containsExactly(expected, within(1e-7));
        double[] inTheLoss = slopes(policy -> .7 * visited(policy, Of.REVERSE));
        assertThat(Math.abs(found[0] - inTheLoss[0])).isGreaterThan(1e-3);
    }

    /** Deterministic ascent along the expected gradient of each algorithm ends at π_ref(y) exp(r(y)/β)/Z, the optimum of E r − β KL. */
    @ParameterizedTest
    @CsvSource({
        "rloo, 'credit.baseline = none, kl { placement = reward, estimator = k1 }'",
        "remax, 'kl { placement = reward-after-baseline, estimator = k1 }'",
        "reinforce-pp, 'credit.whiten.scope = none, kl { placement = reward, estimator = k1 }'",
        "rloo, 'credit.baseline = none, kl { placement = reward, estimator = full }'"
    })
    void reinforceWithKlInTheRewardConvergesToTheTiltedReference(String name, String settings) {
        double beta = .5;
        double[] rewards = {1, 0, .3, -.2, .8, .5, -.6};
        Algorithm algorithm = summing(name, settings, beta);
        ToyPolicy policy = ToyPolicy.some();
        for (int step = 0; step < 500; step++) {
            policy = policy.plus(new Enumerated(policy, REFERENCE).gradient(algorithm, rewards), -3);
        }
        double[] tilted = new double[rewards.length];
        Arrays.setAll(tilted, i -> REFERENCE.probability(TOY.answers().get(i)) * Math.exp(rewards[i] / beta));
        double normaliser = Arrays.stream(tilted).sum();
        for (int i = 0; i < tilted.length; i++) {
            assertThat(policy.probability(TOY.answers().get(i)))
                    .as("answer %d", i)
                    .isCloseTo(tilted[i] / normaliser, within(1e-5));
        }
    }

    /** Near the reference halving the distance divides k1 by 2, k2 and k3 by 4, what they differ by by 8, the KL by 4, Var k1 by 4 and Var k3 by 16. */
    @Test
    void ordersNearRatioOne() {
        Enumerated near = new Enumerated(REFERENCE.plus(DIRECTION, 1e-3), REFERENCE);
        Enumerated nearer = new Enumerated(REFERENCE.plus(DIRECTION, .5e-3), REFERENCE);
        for (int[] answer : TOY.answers()) {
            assertThat(halved(near, nearer, e -> e.sum(kl(Estimator.K1), answer)))
                    .isCloseTo(2, within(.02));
            assertThat(halved(near, nearer, e -> e.sum(kl(Estimator.K2), answer)))
                    .isCloseTo(4, within(.03));
            assertThat(halved(near, nearer, e -> e.sum(kl(Estimator.K3), answer)))
                    .isCloseTo(4, within(.03));
            assertThat(halved(near, nearer, e -> e.sum(kl(Estimator.K3), answer) - e.sum(kl(Estimator.K2), answer)))
                    .isCloseTo(8, within(.1));
        }
        assertThat(halved(near, nearer, Enumerated::kl)).isCloseTo(4, within(.01));
        assertThat(halved(near, nearer, e -> variance(e, Estimator.K1))).isCloseTo(4, within(.01));
        assertThat(halved(near, nearer, e -> variance(e, Estimator.K3))).isCloseTo(16, within(.1));
        // E k2 is the KL up to the third order.
        assertThat(halved(near, nearer, e -> e.expectation(y -> e.sum(kl(Estimator.K2), y)) - e.kl()))
                .isCloseTo(8, within(.1));
    }

    /** Which has the smaller variance depends on how far the policy is. */
    @Test
    void k3VariesLessNearTheReferenceAndMoreFarFromIt() {
        Enumerated near = new Enumerated(REFERENCE.plus(DIRECTION, .1), REFERENCE);
        assertThat(variance(near, Estimator.K3)).isLessThan(.05 * variance(near, Estimator.K1));
        Enumerated far = new Enumerated(REFERENCE.plus(DIRECTION, 5), REFERENCE);
        assertThat(variance(far, Estimator.K3)).isGreaterThan(10 * variance(far, Estimator.K1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-2, -.5, .1, 1, 3})
    void onlyK1IsEverNegative(double step) {
        Enumerated moved = new Enumerated(REFERENCE.plus(DIRECTION, step), REFERENCE);
        for (Estimator estimator : new Estimator[] {Estimator.ABS, Estimator.K2, Estimator.K3}) {
            assertThat(moved.answers()).allMatch(y -> moved.sum(kl(estimator), y) >= 0);
        }
        assertThat(moved.answers()).anyMatch(y -> moved.sum(kl(Estimator.K1), y) < 0);
    }

    private static double halved(Enumerated near, Enumerated nearer, ToDoubleFunction<Enumerated> of) {
        return of.applyAsDouble(near) / of.applyAsDouble(nearer);
    }

    private static double variance(Enumerated toy, Estimator estimator) {
        double mean = toy.expectation(y -> toy.sum(kl(estimator), y));
        return toy.expectation(y -> Math.pow(toy.sum(kl(estimator), y) - mean, 2));
    }

    /** A loss that is a mean over answers of sums over tokens. */
    private static Algorithm summing(String algorithm, String settings, double beta) {
        return Presets.algorithm(
                algorithm,
                settings,
                "kl.coefficient = " + beta,
                algorithm.equals("rloo") ? "" : "aggregation.kind = sequence-mean-token-sum");
    }

    /** Which KL. */
    enum Of {
        NONE,
        REVERSE,
        FORWARD
    }

    /** The KL of a policy in the states that the toy's policy visits. */
    private static double visited(ToyPolicy policy, Of of) {
        return TOY.expectation(y -> {
            double sum = 0;
            for (int t = 0; t < y.length; t++) {
                double[] p = policy.distribution(y, t);
                double[] q = REFERENCE.distribution(y, t);
                sum += of == Of.NONE ? 0 : of == Of.REVERSE ? Enumerated.kl(p, q) : Enumerated.kl(q, p);
            }
            return sum;
        });
    }

    /** Central differences by the logits of the toy's policy. */
    private static double[] slopes(ToDoubleFunction<ToyPolicy> of) {
        double[] slopes = new double[DIRECTION.length];
        for (int k = 0; k < slopes.length; k++) {
            double[] unit = new double[DIRECTION.length];
            unit[k] = 1;
            double h = 1e-5;
            slopes[k] = (of.applyAsDouble(TOY.policy().plus(unit, h))
                            - of.applyAsDouble(TOY.policy().plus(unit, -h)))
                    / (2 * h);
        }
        return slopes;
    }
}
