// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Standard;

class OptimalTokenBaselineTest {
    private static final String KIND = "kind = optimal-token-baseline";

    /** Two answers of 2 and 1 tokens, certain enough that W is 1 − 2·.5 + .5 = .5 at each token. */
    private static CreditCase pair(double first, double second) {
        return CreditCase.masked(new boolean[] {true, true, true, false}, first, second)
                .with(Standard.OLD_LOGP, new double[] {Math.log(.5), Math.log(.5), Math.log(.75), 0})
                .with(Standard.SUM_PI_SQUARED, new double[] {.5, .5, .625, 0});
    }

    @Test
    void returnsAreWeighedByWhatTheirGradientsAreWorth() {
        // Weights .5 and 1 − 1.5 + .625 = .125 at the first step.
        double baseline = (.5 * 2 + .125 * -1) / .625;
        assertThat(pair(2, -1).advantages(KIND))
                .containsExactly(new double[] {2 - baseline, 0, -1 - baseline, 0}, within(1e-12));
        assertThat(pair(2, -1).advantages(KIND, "zero-tail = true"))
                .as("where one answer goes on alone")
                .containsExactly(new double[] {2 - baseline, 2, -1 - baseline, 0}, within(1e-12));
    }

    @Test
    void equalReturnsAreNoSignalToTheLastBit() {
        assertThat(pair(.1, .1).advantages(KIND)).containsOnly(0.0);
    }

    @Test
    void oneAnswerAloneHasItsReturnOrNothing() {
        CreditCase one = pair(2, Double.NaN);
        assertThat(one.advantages(KIND, "single = keep")).containsExactly(2, 2, 0, 0);
        assertThat(one.advantages(KIND, "single = zero")).containsOnly(0.0);
    }

    @Test
    void choicesAreComparedWithChoicesWhereTheyAreCounted() {
        CreditCase holes = CreditCase.masked(new boolean[] {true, false, true, true, true, false}, 1, 3)
                .with(Standard.OLD_LOGP, new double[6])
                .with(Standard.SUM_PI_SQUARED, new double[] {2, 2, 2, 2, 2, 2});
        // Every token weighs 1. By position the first answer's second token stands alone.
        assertThat(holes.advantages(KIND)).containsExactly(-1, 0, 0, 1, 0, 0);
        assertThat(holes.advantages(KIND, "align = choice")).containsExactly(-1, 0, -1, 1, 1, 0);
    }

    /** The baseline's purpose: no other baseline has less variance at the first token. */
    @Test
    void noOtherConstantGivesLessVariance() {
        ToyPolicy policy = ToyPolicy.some();
        double weighed = 0;
        double weights = 0;
        for (int[] answer : policy.answers()) {
            double norm = 1 - 2 * policy.probability(answer, 0) + policy.sumPiSquared(answer, 0);
            weighed += policy.probability(answer) * norm * reward(answer);
            weights += policy.probability(answer) * norm;
        }
        double best = variance(policy, weighed / weights);
        for (double other : List.of(-1.0, 0.0, weighed / weights + .01, weighed / weights - .01)) {
            assertThat(variance(policy, other)).isGreaterThan(best);
        }
    }

    /** E‖(R − b) ∇ log π(y_0)‖², of which the mean does not depend on b. */
    private static double variance(ToyPolicy policy, double baseline) {
        double sum = 0;
        for (int[] answer : policy.answers()) {
            double[] gradient = new double[policy.parameters()];
            policy.addGradient(answer, 0, reward(answer) - baseline, gradient);
            for (double g : gradient) {
                sum += policy.probability(answer) * g * g;
            }
        }
        return sum;
    }

    private static double reward(int[] answer) {
        return answer.length == 1 ? 3 : answer[0] - answer[1];
    }
}
