// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;

class VocabularyReductionTest {
    static List<VocabularyReduction> reductions() {
        return List.of(new LogProb(), new Entropy(), new SumPiSquared());
    }

    private static double forward(VocabularyReduction reduction, double[] logits) {
        return reduction.forward(new LogitsRow().set(logits, 1, 0));
    }

    private static double[] backward(VocabularyReduction reduction, double[] logits) {
        double[] gradient = new double[logits.length];
        reduction.backward(new LogitsRow().set(logits, 1, 0), 1, gradient);
        return gradient;
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void gradientsAreThoseOfTheValue(VocabularyReduction reduction) {
        Stream random = new Streams(4).open(StreamKey.of(reduction.name()));
        for (int run = 0; run < 50; run++) {
            double[] logits = random.doubles(2 + run % 7).map(u -> 8 * u - 4).toArray();
            double[] gradient = backward(reduction, logits);
            for (int v = 0; v < logits.length; v++) {
                double kept = logits[v];
                logits[v] = kept + 1e-6;
                double above = forward(reduction, logits);
                logits[v] = kept - 1e-6;
                double below = forward(reduction, logits);
                logits[v] = kept;
                assertThat(gradient[v]).isCloseTo((above - below) / 2e-6, within(1e-8));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void backwardAddsUpstreamTimesTheGradient(VocabularyReduction reduction) {
        double[] logits = {0.3, -1, 2};
        double[] once = backward(reduction, logits);
        double[] sum = {10, 20, 30};
        reduction.backward(new LogitsRow().set(logits, 1, 0), -2, sum);
        assertThat(sum)
                .containsExactly(new double[] {10 - 2 * once[0], 20 - 2 * once[1], 30 - 2 * once[2]}, within(1e-14));
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void aConstantAddedToAllLogitsChangesNothing(VocabularyReduction reduction) {
        double[] logits = {0.25, -1.5, 2, 0};
        double[] shifted = {1000.25, 998.5, 1002, 1000};
        assertThat(forward(reduction, shifted)).isCloseTo(forward(reduction, logits), within(1e-12));
        assertThat(backward(reduction, shifted)).containsExactly(backward(reduction, logits), within(1e-12));
    }

    /** Four equal logits: log ¼, log 4, ¼. */
    @Test
    void ofAUniformDistribution() {
        double[] logits = {3, 3, 3, 3};
        assertThat(forward(new LogProb(), logits)).isCloseTo(-Math.log(4), within(1e-15));
        assertThat(forward(new Entropy(), logits)).isCloseTo(Math.log(4), within(1e-15));
        assertThat(forward(new SumPiSquared(), logits)).isCloseTo(0.25, within(1e-15));
        assertThat(backward(new Entropy(), logits)).containsExactly(new double[4], within(1e-15));
        assertThat(backward(new LogProb(), logits))
                .containsExactly(new double[] {-0.25, 0.75, -0.25, -0.25}, within(1e-15));
    }

    @Test
    void tokensThatCannotComeLeaveNoNaN() {
        double[] logits = {Double.NEGATIVE_INFINITY, 0, Math.log(3), -1e9};
        assertThat(forward(new Entropy(), logits))
                .isCloseTo(-(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)), within(1e-15));
        assertThat(forward(new SumPiSquared(), logits)).isCloseTo(0.0625 + 0.5625, within(1e-15));
        for (VocabularyReduction reduction : reductions()) {
            double[] gradient = backward(reduction, logits);
            assertThat(gradient[0]).isZero();
            assertThat(gradient[3]).isZero();
            assertThat(gradient[1] + gradient[2]).isCloseTo(0, within(1e-15));
        }
    }

    @Test
    void whatLooksNothingUpIsItsOwnReduction() {
        assertThat(new LogProb().over(null)).isEqualTo(new LogProb());
    }
}
