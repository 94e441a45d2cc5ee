// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;

/** What holds of GAE for any batch: random rewards, values, penalties, lengths (0 too) and masks with holes. */
class GaeIdentitiesTest {
    private static final double GAMMA = .9;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void withLambdaOneTheAdvantageIsTheReturnLessTheValue(long seed) {
        Sample sample = Sample.of(seed);
        Columns columns = sample.credit("lambda = 1");
        sample.forEachRow((choices, rewards, values) -> {
            for (int k = 0; k < choices.size(); k++) {
                double expected = 0;
                for (int s = k; s < choices.size(); s++) {
                    expected += Math.pow(GAMMA, s - k) * rewards[s];
                }
                int t = choices.get(k);
                assertThat(columns.get(Standard.ADVANTAGES)[t]).isCloseTo(expected - values[k], within(1e-12));
                assertThat(columns.get(Standard.RETURNS)[t]).isCloseTo(expected, within(1e-12));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void withLambdaZeroItIsTheErrorOfOneStep(long seed) {
        Sample sample = Sample.of(seed);
        double[] advantages = sample.credit("lambda = 0").get(Standard.ADVANTAGES);
        sample.forEachRow((choices, rewards, values) -> {
            for (int k = 0; k < choices.size(); k++) {
                double next = k + 1 < choices.size() ? values[k + 1] : 0;
                assertThat(advantages[choices.get(k)]).isCloseTo(rewards[k] + GAMMA * next - values[k], within(1e-12));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nothingOutsideTheMaskCountsOrGetsCredit(long seed) {
        Sample sample = Sample.of(seed);
        Columns columns = sample.credit("lambda = 0.7");
        Columns spoilt = sample.spoilt().credit("lambda = 0.7");
        assertThat(spoilt.get(Standard.ADVANTAGES)).containsExactly(columns.get(Standard.ADVANTAGES));
        assertThat(spoilt.get(Standard.RETURNS)).containsExactly(columns.get(Standard.RETURNS));
        for (int t = 0; t < sample.mask.length; t++) {
            if (!sample.mask[t]) {
                assertThat(columns.get(Standard.ADVANTAGES)[t]).isZero();
            }
        }
    }

    @FunctionalInterface
    private interface RowCheck {
        void check(List<Integer> choices, double[] rewards, double[] values);
    }

    private record Sample(
            Layout layout, boolean[] mask, double[] values, double[] rows, double[] tokens, double[] penalty) {
        static Sample of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Layout layout = Layout.ofLengths(IntStream.range(0, 6)
                    .map(row -> row == 3 ? 0 : random.nextInt(1, 9))
                    .toArray());
            boolean[] mask = new boolean[layout.tokens()];
            for (int t = 0; t < mask.length; t++) {
                mask[t] = random.nextInt(3) > 0;
            }
            int tokens = layout.tokens();
            return new Sample(
                    layout,
                    mask,
                    numbers(random, layout.states()),
                    numbers(random, 6),
                    numbers(random, tokens),
                    numbers(random, tokens));
        }

        private static double[] numbers(SplittableRandom random, int n) {
            return random.doubles(n, -2, 2).toArray();
        }

        /** The same inside the mask, something else outside. */
        Sample spoilt() {
            double[] others = values.clone();
            double[] rewards = tokens.clone();
            for (int row = 0; row < layout.rows(); row++) {
                for (int t = layout.start(row); t < layout.end(row); t++) {
                    others[t + row] = mask[t] ? others[t + row] : 1e6;
                    rewards[t] = mask[t] ? rewards[t] : -1e6;
                }
                others[layout.end(row) + row] = 1e6;
            }
            return new Sample(layout, mask, others, rows, rewards, penalty);
        }

        Columns credit(String lambda) {
            Columns columns = Columns.of(Standard.RESPONSE_MASK, mask)
                    .with(Standard.GROUP, new int[layout.rows()])
                    .with(Standard.VALUES, values);
            boolean[] scored = new boolean[layout.rows()];
            Arrays.fill(scored, true);
            RewardSignal signal = new RewardSignal(rows, scored, tokens, penalty, true);
            return CreditCase.credit("kind = gae", lambda, "gamma = " + GAMMA)
                    .columns(signal, Experience.of(layout, columns), new Metrics());
        }

        /** Rewards and values of what the policy chose, one after the other. */
        void forEachRow(RowCheck check) {
            for (int row = 0; row < layout.rows(); row++) {
                int r = row;
                List<Integer> choices = new ArrayList<>();
                for (int t = layout.start(row); t < layout.end(row); t++) {
                    if (mask[t]) {
                        choices.add(t);
                    }
                }
                double[] rewards = choices.stream()
                        .mapToDouble(t -> tokens[t] - penalty[t])
                        .toArray();
                if (rewards.length > 0) {
                    rewards[rewards.length - 1] += rows[row];
                }
                check.check(
                        choices,
                        rewards,
                        choices.stream().mapToDouble(t -> values[t + r]).toArray());
            }
        }
    }
}
