// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
        "On shapes drawn at random, larger than every block, a row has the same bits in any company and on any number of threads")
class RandomLayersTest {
    private static final List<Kernels> BY_THREADS = OwnWidth.byThreads();
    private static final int MOST = 600;

    @AfterAll
    static void close() {
        BY_THREADS.forEach(Kernels::close);
    }

    static Stream<Shape> cases() {
        return IntStream.range(0, 3).mapToObj(Shape::draw);
    }

    private record Shape(
            long seed,
            int rows,
            int hidden,
            int inner,
            int vocabulary,
            boolean half,
            boolean layerNorm,
            boolean gated) {
        static Shape draw(long seed) {
            Random random = new Random(seed);
            return new Shape(
                    seed,
                    random.nextInt(1, MOST),
                    random.nextInt(1, MOST),
                    random.nextInt(1, MOST),
                    random.nextInt(2, MOST),
                    seed % 2 == 0,
                    random.nextBoolean(),
                    random.nextBoolean());
        }

        WeightFormat format() {
            return half ? WeightFormat.BF16 : WeightFormat.FLOAT;
        }

        int wide() {
            return gated ? 2 * inner : inner;
        }
    }

    /** The layers of a model, forward and back. */
    private static final class Layers {
        final Kernels k;
        final MemoryArena arena;
        final Shape s;
        final Tensor batch;
        final Tensor scale;
        final Tensor shift;
        final Tensor up;
        final Tensor bias;
        final Tensor down;
        final Tensor head;

        Layers(Kernels k, MemoryArena arena, Shape s) {
            this.k = k;
            this.arena = arena;
            this.s = s;
            batch = Numbers.random(k, arena, "batch", s.rows, s.hidden, s.seed);
            scale = Numbers.random(k, arena, "scale", 1, s.hidden, s.seed + 1);
            shift = Numbers.random(k, arena, "shift", 1, s.hidden, s.seed + 2);
            bias = Numbers.random(k, arena, "bias", s.wide(), 1, s.seed + 3);
            up = weight(s.wide(), s.hidden, 4);
            down = weight(s.hidden, s.inner, 5);
            head = weight(s.vocabulary, s.hidden, 6);
        }

        private Tensor weight(int out, int in, int number) {
            Tensor w = arena.allocateWeight("weight", out, in, s.format());
            Numbers.fill(k, w, s.seed + number);
            return w;
        }

        private void norm(Tensor x, Tensor delta, int n, Tensor y, Tensor statistics) {
            if (s.layerNorm) {
                k.layerNorm(x, delta, n, scale, shift, 1e-5, y, statistics);
            } else {
                k.rmsNorm(x, delta, n, scale, 1e-5, y, statistics);
            }
        }

        /** Outputs of the rows of an index, each [row][numbers]. */
        List<double[][]> on(int[] index) {
            int n = index.length;
            Tensor x = arena.allocate("x", n, s.hidden);
            Tensor normed = arena.allocate("normed", n, s.hidden);
            Tensor statistics = arena.allocate("statistics", n, s.layerNorm ? 2 : 1);
            Tensor wide = arena.allocate("wide", n, s.wide());
            Tensor active = arena.allocate("active", n, s.inner);
            Tensor delta = arena.allocate("delta", n, s.hidden);
            Tensor logits = arena.allocate("logits", n, s.vocabulary);
            k.gatherRows(batch, index, n, x);
            norm(x, null, n, normed, statistics);
            k.linear(normed, n, up, bias, wide);
            if (s.gated) {
                k.swiGlu(wide, n, active);
            } else {
                k.gelu(wide, n, active);
            }
            k.linear(active, n, down, null, delta);
            norm(x, delta, n, normed, statistics);
            k.linear(normed, n, head, null, logits);
            double[][] reduced = reduce(logits, index);
            List<double[][]> outputs =
                    new ArrayList<>(List.of(reduced, Numbers.read(k, normed), Numbers.read(k, wide)));
            back(x, wide, statistics, logits, outputs);
            return outputs;
        }

        /** Statistics of the vocabulary, and their gradient over the logits. */
        private double[][] reduce(Tensor logits, int[] index) {
            int n = index.length;
            int[] targets = IntStream.of(index).map(row -> row % s.vocabulary).toArray();
            double[][] reduced = new double[3][n];
            k.vocabularyStatistics(logits, n, targets, 0, 0.8, reduced[0], reduced[1], reduced[2]);
            double[] ones = new double[n];
            Arrays.fill(ones, 1);
            k.vocabularyStatisticsBackward(logits, n, targets, 0, 0.8, ones, ones, ones, logits);
            double[][] byRow = new double[n][3];
            for (int i = 0; i < n; i++) {
                byRow[i] = new double[] {reduced[0][i], reduced[1][i], reduced[2][i]};
            }
            return byRow;
        }

        private void back(Tensor x, Tensor wide, Tensor statistics, Tensor dLogits, List<double[][]> outputs) {
            int n = x.rows();
            Tensor dNormed = arena.allocate("dNormed", n, s.hidden);
            Tensor dx = arena.allocate("dx", n, s.hidden);
            Tensor dActive = arena.allocate("dActive", n, s.inner);
            Tensor dWide = arena.allocate("dWide", n, s.wide());
            k.linearBackwardInput(dLogits, 0, n, head, dNormed, false);
            if (s.layerNorm) {
                k.layerNormBackward(dNormed, x, statistics, n, scale, dx, null, null);
            } else {
                k.rmsNormBackward(dNormed, x, statistics, n, scale, dx, null);
            }
            k.linearBackwardInput(dx, 0, n, down, dActive, false);
            if (s.gated) {
                k.swiGluBackward(dActive, wide, n, dWide);
            } else {
                k.geluBackward(dActive, wide, n, dWide);
            }
            k.linearBackwardInput(dWide, 0, n, up, dx, true);
            outputs.add(Numbers.read(k, dLogits));
            outputs.add(Numbers.read(k, dWide));
            outputs.add(Numbers.read(k, dx));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void layers(Shape shape) {
        Random random = new Random(shape.seed);
        int[] all = shuffled(shape.rows, shape.rows, random);
        int[][] companies = {
            {all[0]},
            shuffled(shape.rows, Math.min(shape.rows, 7), random),
            shuffled(shape.rows, random.nextInt(1, shape.rows + 1), random)
        };
        List<double[][]> whole = null;
        for (Kernels k : BY_THREADS) {
            try (MemoryArena arena = k.arena("test")) {
                Layers layers = new Layers(k, arena, shape);
                if (whole == null) {
                    whole = layers.on(IntStream.range(0, shape.rows).toArray());
                }
                assertSame(layers.on(all), all, whole, k);
                for (int[] company : companies) {
                    assertSame(layers.on(company), company, whole, k);
                }
            }
        }
    }

    private static int[] shuffled(int rows, int count, Random random) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().limit(count).mapToInt(row -> row).toArray();
    }

    private static void assertSame(List<double[][]> found, int[] index, List<double[][]> whole, Kernels k) {
        for (int output = 0; output < whole.size(); output++) {
            for (int i = 0; i < index.length; i++) {
                if (!Arrays.equals(found.get(output)[i], whole.get(output)[index[i]])) {
                    fail("output %d of row %d among %d, %s", output, index[i], index.length, k.describe());
                }
            }
        }
    }

    /** Wide enough that a weight is turned in several pieces. */
    @Test
    void piecesOfALargeWeight() {
        int in = 4100;
        double[][] whole = null;
        for (Kernels k : BY_THREADS) {
            try (MemoryArena arena = k.arena("test")) {
                Tensor w = Numbers.weight(k, arena, "w", 300, in, 1);
                Tensor dy = Numbers.random(k, arena, "dy", 40, 300, 2);
                Tensor dx = arena.allocate("dx", 40, in);
                k.linearBackwardInput(dy, 0, 40, w, dx, false);
                double[][] found = Numbers.read(k, dx);
                whole = whole == null ? found : whole;
                assertThat(Arrays.deepEquals(found, whole)).isTrue();
                Tensor alone = arena.allocate("alone", 1, 300);
                k.gatherRows(dy, new int[] {33}, 1, alone);
                k.linearBackwardInput(alone, 0, 1, w, dx, false);
                assertThat(Numbers.read(k, dx, 1)[0]).isEqualTo(whole[33]);
            }
        }
    }

    /** Gradients of weights and biases gather over micro-batches in the order of rows: any split gives the same bits. */
    @ParameterizedTest
    @MethodSource("cases")
    void splitGradients(Shape shape) {
        Random random = new Random(shape.seed + 100);
        double[][] whole = null;
        double[][] wholeBias = null;
        for (Kernels k : BY_THREADS) {
            try (MemoryArena arena = k.arena("test")) {
                Tensor dy = Numbers.random(k, arena, "dy", shape.rows, shape.hidden, 1);
                Tensor x = Numbers.random(k, arena, "x", shape.rows, shape.inner, 2);
                Tensor dw = arena.allocateWeight("dw", shape.hidden, shape.inner, WeightFormat.FLOAT);
                Tensor dBias = arena.allocate("dBias", shape.hidden, 1);
                int most = whole == null ? shape.rows : 1 + shape.rows / 2;
                for (int from = 0, count; from < shape.rows; from += count) {
                    count = Math.min(shape.rows - from, whole == null ? most : random.nextInt(1, most + 1));
                    int[] part = IntStream.range(from, from + count).toArray();
                    Tensor dyPart = arena.allocate("dy", count, shape.hidden);
                    Tensor xPart = arena.allocate("x", count, shape.inner);
                    k.gatherRows(dy, part, count, dyPart);
                    k.gatherRows(x, part, count, xPart);
                    k.linearBackwardWeight(dyPart, 0, xPart, count, dw);
                    k.biasBackward(dyPart, count, dBias);
                }
                whole = whole == null ? Numbers.read(k, dw) : whole;
                wholeBias = wholeBias == null ? Numbers.read(k, dBias) : wholeBias;
                assertThat(Arrays.deepEquals(Numbers.read(k, dw), whole)).isTrue();
                assertThat(Arrays.deepEquals(Numbers.read(k, dBias), wholeBias)).isTrue();
            }
        }
    }
}
