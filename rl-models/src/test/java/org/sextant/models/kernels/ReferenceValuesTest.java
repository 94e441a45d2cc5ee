// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
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
    void layerNormOfOneAndThree() {
        Tensor x = Numbers.of(k, arena, new double[][] {{1, 2}});
        Tensor delta = Numbers.of(k, arena, new double[][] {{0, 1}});
        Tensor w = Numbers.of(k, arena, new double[][] {{5, 7}});
        Tensor b = Numbers.of(k, arena, new double[][] {{100, 200}});
        Tensor y = arena.allocate("y", 1, 2);
        Tensor statistics = arena.allocate("statistics", 1, 2);
        k.layerNorm(x, delta, 1, w, b, 3, y, statistics);
        assertThat(Numbers.read(k, x)[0]).containsExactly(1, 3);
        assertThat(Numbers.read(k, y)[0]).containsExactly(97.5, 203.5);
        assertThat(Numbers.read(k, statistics)[0]).containsExactly(2, 0.5);
    }

    @Test
    void headsAreNormalisedEachForItself() {
        Tensor x = Numbers.of(k, arena, new double[][] {{9, 3, 4, 1, 1, 9}});
        Tensor w = Numbers.of(k, arena, new double[][] {{1, 2}});
        Tensor inverse = arena.allocate("inverse", 1, 3);
        k.headNorm(x, 1, 2, 2, 1, w, 0, inverse);
        double root = Math.sqrt(12.5);
        assertThat(Numbers.read(k, x)[0]).containsExactly(new double[] {9, 3 / root, 8 / root, 1, 2, 9}, within(1e-15));
        assertThat(Numbers.read(k, inverse)[0]).containsExactly(new double[] {1 / root, 1, 0}, within(1e-15));
    }

    /** From the table of torch.nn.functional.gelu(x, approximate="tanh"), in double. */
    @Test
    void geluOfAFewNumbers() {
        Tensor x = Numbers.of(k, arena, new double[][] {{0, 1, -1, 2, -3, 100, -100}});
        Tensor y = arena.allocate("y", 1, 7);
        k.gelu(x, 1, y);
        double[] expected = {
            0, 0.8411919906082768, -0.15880800939172324, 1.954597694087775, -0.0036373920817729943, 100, 0
        };
        assertThat(Numbers.read(k, y)[0]).containsExactly(expected, within(1e-12));
    }

    /** 1 + 2^-8 lies half-way between two bfloat16 numbers; so does 1 + 3 · 2^-8. */
    @Test
    void bfloat16RoundsToNearestEven() {
        double[][] given = {{1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-8 + 0x1p-20, -3.3, 3.4e38, Double.NaN, 0x1p-130}};
        Tensor w = arena.allocateWeight("w", 1, 7, WeightFormat.BF16);
        k.writeRow(w, 0, given[0]);
        assertThat(Numbers.read(k, w)[0])
                .containsExactly(1, 1 + 0x1p-6, 1 + 0x1p-7, -3.296875, Double.POSITIVE_INFINITY, Double.NaN, 0x1p-130);
        k.set(w, 0, 0, 0.1);
        assertThat(k.get(w, 0, 0)).isEqualTo(0.10009765625);
    }

    @Test
    void dropoutKeepsItsShareAndTheMeanAndDependsOnTheSeed() {
        int rows = 200;
        Tensor x = arena.allocate("x", rows, 300);
        double[] ones = new double[300];
        Arrays.fill(ones, 1);
        for (int r = 0; r < rows; r++) {
            k.writeRow(x, r, ones);
        }
        Tensor y = arena.allocate("y", rows, 300);
        Tensor other = arena.allocate("other", rows, 300);
        k.dropout(x, rows, 0.25, 1, y);
        k.dropout(x, rows, 0.25, 2, other);
        double deviation = Math.sqrt(0.25 * 0.75 / y.size());
        assertThat(share(y, y)).isCloseTo(0.75, within(4 * deviation));
        assertThat(share(other, other)).isCloseTo(0.75, within(4 * deviation));
        assertThat(share(y, other)).isCloseTo(0.75 * 0.75, within(4 * deviation));
        assertThat(k.get(y, 0, 0)).isIn(0.0, 1 / 0.75);
    }

    /** Share of elements that are kept in both. */
    private double share(Tensor first, Tensor second) {
        double[][] a = Numbers.read(k, first);
        double[][] b = Numbers.read(k, second);
        long kept = 0;
        for (int r = 0; r < a.length; r++) {
            for (int c = 0; c < a[r].length; c++) {
                kept += a[r][c] != 0 && b[r][c] != 0 ? 1 : 0;
            }
        }
        return (double) kept / first.size();
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
    void weightsAndActivationsAreToldApart() {
        Tensor x = arena.allocate("x", 2, 3);
        Tensor y = arena.allocate("y", 2, 2);
        Tensor w = arena.allocateWeight("w", 2, 3, WeightFormat.FLOAT);
        Tensor half = arena.allocateWeight("half", 2, 3, WeightFormat.BF16);
        assertThatThrownBy(() -> k.linear(x, 2, x, null, y))
                .hasMessage("tensor x is no weight: products need one from allocateWeight");
        assertThatThrownBy(() -> k.linear(w, 2, w, null, y))
                .hasMessage("tensor w is a weight: a tensor from allocate is needed here");
        assertThatThrownBy(() -> k.linearBackwardWeight(y, 0, x, 2, half)).hasMessageContaining("must be FLOAT");
        assertThatThrownBy(() -> k.adamW(half, half, half, half, null)).hasMessageContaining("must be FLOAT");
        assertThatThrownBy(() -> k.add(x, w, 2)).hasMessageContaining("must both be weights");
        assertThatThrownBy(() -> k.zero(w, 1)).hasMessageContaining("weights are taken whole");
        assertThatThrownBy(() -> k.linearInto(x, 2, w, y, 1)).hasMessageContaining("columns 1 to 2 are to be used");
        assertThatThrownBy(() -> k.dropout(x, 2, 1, 0, x)).hasMessageContaining("below 1");
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
