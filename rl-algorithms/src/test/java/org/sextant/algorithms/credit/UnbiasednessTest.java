// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;

/**
 * The expected gradient {@code E[1/n Σ_i Σ_t A_it ∇ log π(y_it)]}, by going through all groups of three answers of a small policy, against the exact gradient of
 * the expected reward. Each answer has a reward, and each token one of its own.
 */
class UnbiasednessTest {
    private static final int GROUP = 3;

    private final ToyPolicy policy = ToyPolicy.some();
    private final List<int[]> answers = policy.answers();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind = group, baseline = none, scale = none",
                "kind = group, baseline = leave-one-out, scale = none",
                "kind = group, baseline = greedy, scale = none",
                "kind = returns, baseline = none, scale = none",
                "kind = returns, baseline = leave-one-out, scale = none",
                "kind = returns, baseline = greedy, scale = none",
                "kind = returns, baseline = leave-one-out, scale = none, unit = turn",
                "kind = gae, lambda = 1",
            })
    void anEstimatorWhoseBaselineKnowsNothingOfTheAnswerIsUnbiased(String settings) {
        assertThat(expectedGradient(settings)).containsExactly(exactGradient(), within(1e-12));
    }

    @Test
    void theMeanOfTheGroupShrinksTheGradientByOneAnswer() {
        double[] shrunk =
                Arrays.stream(exactGradient()).map(g -> g * (GROUP - 1) / GROUP).toArray();
        assertThat(expectedGradient("kind = group, baseline = mean, scale = none"))
                .containsExactly(shrunk, within(1e-12));
    }

    /** So the test can tell: what is known to be biased is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind = group, baseline = mean, scale = group",
                "kind = group, baseline = length-weighted, scale = none",
                "kind = gae, lambda = 0.5",
            })
    void anEstimatorWhoseBaselineKnowsTheAnswerIsNot(String settings) {
        double[] expected = expectedGradient(settings);
        double[] exact = exactGradient();
        double furthest = 0;
        for (int k = 0; k < exact.length; k++) {
            furthest = Math.max(furthest, Math.abs(expected[k] - exact[k]));
        }
        assertThat(furthest).isGreaterThan(1e-3);
    }

    private double[] exactGradient() {
        double[] gradient = new double[policy.parameters()];
        for (int[] answer : answers) {
            for (int t = 0; t < answer.length; t++) {
                policy.addGradient(answer, t, policy.probability(answer) * total(answer), gradient);
            }
        }
        return gradient;
    }

    private double[] expectedGradient(String settings) {
        Credit credit = CreditCase.credit(settings.split(", "));
        double[] gradient = new double[policy.parameters()];
        for (int[] first : answers) {
            for (int[] second : answers) {
                for (int[] third : answers) {
                    addGroup(List.of(first, second, third), credit, gradient);
                }
            }
        }
        return gradient;
    }

    private void addGroup(List<int[]> group, Credit credit, double[] gradient) {
        Layout layout = Layout.ofLengths(
                group.stream().mapToInt(answer -> answer.length).toArray());
        double[] tokens = new double[layout.tokens()];
        double[] rows = new double[GROUP];
        double probability = 1;
        for (int i = 0; i < GROUP; i++) {
            rows[i] = last(group.get(i));
            probability *= policy.probability(group.get(i));
            for (int t = 0; t < group.get(i).length; t++) {
                tokens[layout.start(i) + t] = own(group.get(i), t);
            }
        }
        RewardSignal signal =
                new RewardSignal(rows, new boolean[] {true, true, true}, tokens, new double[tokens.length], true);
        double[] advantages =
                credit.columns(signal, batch(layout), new Metrics()).get(Standard.ADVANTAGES);
        for (int i = 0; i < GROUP; i++) {
            for (int t = 0; t < group.get(i).length; t++) {
                double weight = probability * advantages[layout.start(i) + t] / GROUP;
                policy.addGradient(group.get(i), t, weight, gradient);
            }
        }
    }

    private Experience batch(Layout layout) {
        boolean[] mask = new boolean[layout.tokens()];
        Arrays.fill(mask, true);
        double[] greedy = new double[GROUP];
        Arrays.fill(greedy, total(policy.greedy()));
        double[] values = new double[layout.states()];
        for (int row = 0; row < GROUP; row++) {
            // A value of the state alone: that of the start is the same for all.
            values[layout.stateStart(row)] = -.7;
        }
        Columns columns = Columns.of(Standard.RESPONSE_MASK, mask)
                .with(Standard.GROUP, new int[GROUP])
                .with(Standard.GREEDY_REWARD, greedy)
                .with(Standard.TURN, new int[layout.tokens()])
                .with(Standard.VALUES, values);
        return Experience.of(layout, columns);
    }

    /** What a token earns. */
    private static double own(int[] answer, int t) {
        return .3 * answer[t] - .2 * t;
    }

    /** What an answer earns at its end. */
    private static double last(int[] answer) {
        return answer.length == 1 ? .5 : answer[0] == answer[1] ? 2 : -1;
    }

    private static double total(int[] answer) {
        double total = last(answer);
        for (int t = 0; t < answer.length; t++) {
            total += own(answer, t);
        }
        return total;
    }
}
