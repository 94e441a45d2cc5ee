// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The oracle against numbers worked out by hand. */
class ReferenceValuesTest {
    private final Kernels k = new ReferenceKernels();
    private final MemoryArena arena = k.arena("test");

    @Test
    void softmaxOfOneThirdAndTwoThirds() {
        Tensor logits = Numbers.of(k, arena, new double[][] {{0, Math.log(2)}});
        double[] logProb = new double[1];
        double[] entropy = new double[1];
        double[] sum = new double[1];
        k.vocabularyStatistics(logits, 1, new int[] {1}, 0, 1, logProb, entropy, sum);
        assertThat(logProb[0]).isCloseTo(Math.log(2.0 / 3), within(1e-15));
        assertThat(entropy[0]).isCloseTo(Math.log(3) - 2.0 / 3 * Math.log(2), within(1e-15));
        assertThat(sum[0]).isCloseTo(5.0 / 9, within(1e-15));
    }

    @Test
    void temperatureTwoTakesTheRootOfTheOdds() {
        Tensor logits = Numbers.of(k, arena, new double[][] {{Math.log(9), Math.log(4), 0}});
        double[] logProb = new double[1];
        k.vocabularyStatistics(logits, 1, new int[] {0}, 0, 2, logProb, null, null);
        assertThat(logProb[0]).isCloseTo(Math.log(3.0 / 6), within(1e-15));
    }

    @Test
    void extremeLogitsStayFinite() {
        double[][] rows = {
            {1000.5, 1000, 999.25}, {-4999.5, -5000, -5000.75}, {200, -200, 0}, {-1e9, 1, 2}, {-1e9, -1e9, -1e9}
        };
        Tensor logits = Numbers.of(k, arena, rows);
        int n = rows.length;
        double[] logProb = new double[n];
        double[] entropy = new double[n];
        double[] sum = new double[n];
        k.vocabularyStatistics(logits, n, new int[] {1, 1, 1, 2, 0}, 0, 1, logProb, entropy, sum);
        assertThat(logProb[0])
                .isEqualTo(logProb[1])
                .isCloseTo(-0.5 - Math.log(1 + Math.exp(-0.5) + Math.exp(-1.25)), within(1e-14));
        assertThat(logProb[2]).isEqualTo(-400);
        assertThat(entropy[2]).isCloseTo(200 * Math.exp(-200), within(1e-90));
        assertThat(logProb[3]).isCloseTo(-Math.log1p(Math.exp(-1)), within(1e-15));
        assertThat(entropy[4]).isCloseTo(Math.log(3), within(1e-15));
        assertThat(sum).doesNotContain(Double.NaN);
        double[] ones = {1, 1, 1, 1, 1};
        k.vocabularyStatisticsBackward(logits, n, new int[] {1, 1, 1, 2, 0}, 0, 1, ones, ones, ones, logits);
        assertThat(k.firstNonFiniteRow(logits, n)).isEqualTo(-1);
    }

    @Test
    void suppressedTokensCountNothing() {
        double minusInfinity = Double.NEGATIVE_INFINITY;
        Tensor logits = Numbers.of(k, arena, new double[][] {{minusInfinity, 0, 0}});
        double[] entropy = new double[1];
        k.vocabularyStatistics(logits, 1, null, 0, 1, null, entropy, null);
        assertThat(entropy[0]).isCloseTo(Math.log(2), within(1e-15));
    }

    @Test
    void firstStepOfAdamWMovesByTheLearningRate() {
        Tensor w = Numbers.of(k, arena, new double[][] {{2, -1}});
        Tensor gradient = Numbers.of(k, arena, new double[][] {{4, -0.5}});
        Tensor m = arena.allocate("m", 1, 2);
        Tensor v = arena.allocate("v", 1, 2);
        k.adamW(w, gradient, m, v, new Kernels.AdamWStep(0.1, 0.9, 0.99, 0, 0.5, 0.1, 0.01, 0.5));
        assertThat(k.get(m, 0, 0)).isCloseTo(0.2, within(1e-15));
        assertThat(k.get(v, 0, 0)).isCloseTo(0.04, within(1e-15));
        assertThat(k.get(w, 0, 0)).isCloseTo(2 * 0.95 - 0.1, within(1e-14));
        assertThat(k.get(w, 0, 1)).isCloseTo(-1 * 0.95 + 0.1, within(1e-14));
    }

    @Test
    void rmsNormOfThreeAndFour() {
        Tensor x = Numbers.of(k, arena, new double[][] {{1, 1}});
        Tensor delta = Numbers.of(k, arena, new double[][] {{2, 3}});
        Tensor w = Numbers.of(k, arena, new double[][] {{1, 2}});
        Tensor y = arena.allocate("y", 1, 2);
        Tensor inverse = arena.allocate("inverse", 1, 1);
        k.rmsNorm(x, delta, 1, w, 0, y, inverse);
        double root = Math.sqrt(12.5);
        assertThat(Numbers.read(k, x)[0]).containsExactly(3, 4);
        assertThat(Numbers.read(k, y)[0]).containsExactly(new double[] {3 / root, 8 / root}, within(1e-15));
        assertThat(k.get(inverse, 0, 0)).isCloseTo(1 / root, within(1e-15));
    }

    @Test
    void aQuarterTurn() {
        Segments segments = new Segments();
        segments.add(1, 1, new int[] {0});
        Tensor x = Numbers.of(k, arena, new double[][] {{9, 1, 2, 3, 4}});
        k.rope(x, 1, 1, 4, segments, new double[] {Math.PI / 2, Math.PI}, 1, false);
        assertThat(Numbers.read(k, x)[0]).containsExactly(new double[] {9, -3, -2, 1, -4}, within(1e-14));
    }

    @Test
    void attentionWithEqualScoresAveragesWhatIsVisible() {
        KeyValuePages pages = arena.allocatePages("pages", 1, 1, 1, 1);
        Segments segments = Numbers.sequences(3);
        Tensor qkv = Numbers.of(k, arena, new double[][] {{0, 5, 3}, {0, 7, 6}, {0, 9, 12}});
        Tensor out = arena.allocate("out", 3, 1);
        Tensor logSumExp = arena.allocate("logSumExp", 3, 1);
        k.storeKeyValues(qkv, 1, 2, segments, pages, 0);
        k.attention(qkv, 1, segments, pages, 0, 1, out, logSumExp);
        assertThat(k.get(out, 0, 0)).isEqualTo(3);
        assertThat(k.get(out, 1, 0)).isEqualTo(4.5);
        assertThat(k.get(out, 2, 0)).isEqualTo(7);
        assertThat(k.get(logSumExp, 2, 0)).isCloseTo(Math.log(3), within(1e-15));
    }

    @Test
    void memoryOfARoleIsCountedWithItsPeak() {
        try (MemoryArena critic = k.arena("critic")) {
            critic.allocate("w", 2, 3);
            critic.allocatePages("pages", 1, 1, 2, 1);
            assertThat(critic.bytes()).isEqualTo((6 + 2 * 32 * 2) * 8);
        }
        k.arena("critic").allocate("w", 1, 1);
        assertThat(k.memory()).contains(new MemoryUse("critic", 8, (6 + 2 * 32 * 2) * 8, 3));
    }

    @Test
    void wrongShapesAreNamed() {
        Tensor x = arena.allocate("x", 2, 3);
        Tensor w = arena.allocateWeight("w", 2, 4, WeightFormat.FLOAT);
        Tensor y = arena.allocate("y", 2, 2);
        assertThatThrownBy(() -> k.linear(x, 2, w, null, y)).hasMessage("tensor x has 3 columns, but 4 are needed");
        assertThatThrownBy(() -> k.linear(x, 3, w, null, y))
                .hasMessageContaining("tensor x has 2 rows, but 3 are to be used");
        assertThatThrownBy(() -> k.embed(new int[] {0, 2}, 2, w, arena.allocate("e", 2, 4)))
                .hasMessage("index 2 at 1 is outside the 2 rows of w");
    }
}
