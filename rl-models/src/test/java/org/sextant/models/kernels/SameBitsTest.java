// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A row has the same bits alone and in any batch, decoded and trained on, from its own pages and from forked ones. */
class SameBitsTest {
    private static final List<Kernels> ALL = List.of(
            new ReferenceKernels(),
            ForcedWidth.kernels(256, 1),
            ForcedWidth.kernels(256, 2),
            ForcedWidth.kernels(512, 1));

    private static final int ROWS = 70;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int SIZE = 10;
    private static final int WIDTH = (HEADS + 2 * KEY_VALUE_HEADS) * SIZE;

    @AfterAll
    static void close() {
        ALL.forEach(Kernels::close);
    }

    static Stream<Kernels> kernels() {
        return ALL.stream();
    }

    /** The rows of a batch through linear, norm, activation and vocabulary; those of {@code index} only. */
    private static double[][] layers(Kernels k, int[] index) {
        int n = index.length;
        try (MemoryArena arena = k.arena("test")) {
            Tensor batch = Numbers.random(k, arena, "batch", ROWS, 37, 1);
            Tensor up = Numbers.weight(k, arena, "up", 70, 37, 2);
            Tensor down = Numbers.weight(k, arena, "down", 37, 35, 3);
            Tensor head = Numbers.weight(k, arena, "head", 41, 37, 4);
            Tensor weight = Numbers.random(k, arena, "weight", 1, 37, 5);
            Tensor x = arena.allocate("x", n, 37);
            Tensor normed = arena.allocate("normed", n, 37);
            Tensor inverse = arena.allocate("inverse", n, 1);
            Tensor gateUp = arena.allocate("gateUp", n, 70);
            Tensor active = arena.allocate("active", n, 35);
            Tensor delta = arena.allocate("delta", n, 37);
            Tensor logits = arena.allocate("logits", n, 41);
            k.gatherRows(batch, index, n, x);
            k.rmsNorm(x, null, n, weight, 1e-5, normed, inverse);
            k.linear(normed, n, up, null, gateUp);
            k.swiGlu(gateUp, n, active);
            k.linear(active, n, down, null, delta);
            k.rmsNorm(x, delta, n, weight, 1e-5, normed, inverse);
            k.linear(normed, n, head, null, logits);
            double[][] statistics = new double[3][n];
            int[] targets = new int[n];
            for (int i = 0; i < n; i++) {
                targets[i] = index[i] % 41;
            }
            k.vocabularyStatistics(logits, n, targets, 0, 0.8, statistics[0], statistics[1], statistics[2]);
            k.linearBackwardInput(logits, 0, n, head, normed, true);
            return new double[][] {
                statistics[0], statistics[1], statistics[2], Numbers.read(k, normed)[0], Numbers.read(k, logits)[0]
            };
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("kernels")
    void aloneAndInABatch(Kernels k) {
        int[] all = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            all[i] = ROWS - 1 - i;
        }
        double[][] together = layers(k, all);
        for (int row : new int[] {0, 1, 5, 6, 13, 69}) {
            double[][] alone = layers(k, new int[] {all[row]});
            double[][] few = layers(k, new int[] {all[row], 3, 8, 4, 6, 9, 10, 20});
            for (int s = 0; s < 3; s++) {
                assertThat(alone[s][0]).isEqualTo(together[s][row]).isEqualTo(few[s][0]);
            }
            assertThat(alone[3]).isEqualTo(few[3]);
            if (row == 0) {
                assertThat(alone[3]).isEqualTo(together[3]);
            }
        }
    }

    /** Attention outputs of one sequence of 70 positions, in pieces, beside another sequence. */
    private static double[][] attention(Kernels k, int[] pieces, boolean withNeighbour) {
        try (MemoryArena arena = k.arena("test")) {
            KeyValuePages pages = arena.allocatePages("pages", 1, KEY_VALUE_HEADS, SIZE, 8);
            Tensor sequence = Numbers.random(k, arena, "sequence", ROWS, WIDTH, 1);
            double[][] outputs = new double[ROWS][];
            int past = 0;
            for (int piece : pieces) {
                int before = withNeighbour ? 5 : 0;
                Segments segments = new Segments();
                segments.add(before, 0, new int[] {7});
                segments.add(piece, past, new int[] {4, 2, 6});
                int rows = before + piece;
                Tensor qkv = Numbers.random(k, arena, "qkv", rows, WIDTH, 9 + past);
                for (int i = 0; i < piece; i++) {
                    k.writeRow(qkv, before + i, Numbers.read(k, sequence)[past + i]);
                }
                attend(k, arena, qkv, segments, pages, outputs, before, past);
                past += piece;
            }
            return outputs;
        }
    }

    private static void attend(
            Kernels k,
            MemoryArena arena,
            Tensor qkv,
            Segments segments,
            KeyValuePages pages,
            double[][] outputs,
            int before,
            int past) {
        int rows = segments.totalRows();
        double[] frequencies = {1, 0.5, 0.1, 0.02, 0.001};
        k.rope(qkv, 0, HEADS + KEY_VALUE_HEADS, SIZE, segments, frequencies, 1, false);
        k.storeKeyValues(qkv, HEADS * SIZE, (HEADS + KEY_VALUE_HEADS) * SIZE, segments, pages, 0);
        Tensor out = arena.allocate("out", rows, HEADS * SIZE);
        k.attention(qkv, HEADS, segments, pages, 0, 0.3, out, null);
        double[][] read = Numbers.read(k, out);
        for (int i = before; i < rows; i++) {
            outputs[past + i - before] = read[i];
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("kernels")
    void decodedAndTrainedOn(Kernels k) {
        double[][] whole = attention(k, new int[] {ROWS}, false);
        int[] oneByOne = new int[ROWS - 20];
        Arrays.fill(oneByOne, 1);
        oneByOne[0] = 21;
        assertThat(attention(k, oneByOne, true)).isDeepEqualTo(whole);
        assertThat(attention(k, new int[] {33, 30, 7}, true)).isDeepEqualTo(whole);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("kernels")
    void forkedInTheMiddleOfAPage(Kernels k) {
        try (MemoryArena arena = k.arena("test")) {
            KeyValuePages pages = arena.allocatePages("pages", 1, KEY_VALUE_HEADS, SIZE, 4);
            Tensor qkv = Numbers.random(k, arena, "qkv", 40, WIDTH, 1);
            double[][] whole = new double[40][];
            Segments segments = new Segments();
            segments.add(40, 0, new int[] {0, 1});
            attend(k, arena, qkv, segments, pages, whole, 0, 0);
            fillPage(k, arena, pages, 2, Double.NaN);
            k.copyPage(pages, 1, 2, 7);
            Tensor last = arena.allocate("last", 1, WIDTH);
            Numbers.fill(k, qkv, 1);
            k.gatherRows(qkv, new int[] {39}, 1, last);
            segments.clear();
            segments.add(1, 39, new int[] {0, 2});
            double[][] forked = new double[1][];
            attend(k, arena, last, segments, pages, forked, 0, 0);
            assertThat(forked[0]).isEqualTo(whole[39]);
        }
    }

    /** What an earlier owner left in a page, even NaN, does not reach the next one. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("kernels")
    void leftoversOfAPageAreNotSeen(Kernels k) {
        try (MemoryArena arena = k.arena("test")) {
            double[][] outputs = new double[2][];
            KeyValuePages pages = arena.allocatePages("pages", 1, KEY_VALUE_HEADS, SIZE, 1);
            fillPage(k, arena, pages, 0, Double.NaN);
            Segments segments = new Segments();
            segments.add(2, 0, new int[] {0});
            Tensor qkv = Numbers.random(k, arena, "qkv", 2, WIDTH, 1);
            attend(k, arena, qkv, segments, pages, outputs, 0, 0);
            assertThat(outputs[0]).doesNotContain(Double.NaN);
            assertThat(outputs[1]).doesNotContain(Double.NaN);
        }
    }

    private static void fillPage(Kernels k, MemoryArena arena, KeyValuePages pages, int page, double number) {
        Segments segments = new Segments();
        segments.add(KeyValuePages.POSITIONS, 0, new int[] {page});
        Tensor qkv = arena.allocate("filler", KeyValuePages.POSITIONS, WIDTH);
        double[] row = new double[WIDTH];
        Arrays.fill(row, number);
        for (int r = 0; r < KeyValuePages.POSITIONS; r++) {
            k.writeRow(qkv, r, row);
        }
        k.storeKeyValues(qkv, HEADS * SIZE, (HEADS + KEY_VALUE_HEADS) * SIZE, segments, pages, 0);
    }

    /** Products of weights gather over micro-batches in the order of rows: two halves are the whole, to the bit. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("kernels")
    void weightGradientsContinueTheirSums(Kernels k) {
        try (MemoryArena arena = k.arena("test")) {
            Tensor dy = Numbers.random(k, arena, "dy", ROWS, 19, 1);
            Tensor x = Numbers.random(k, arena, "x", ROWS, 33, 2);
            Tensor whole = arena.allocateWeight("whole", 19, 33, WeightFormat.FLOAT);
            Tensor halves = arena.allocateWeight("halves", 19, 33, WeightFormat.FLOAT);
            k.linearBackwardWeight(dy, 0, x, ROWS, whole);
            int[] first = IntStream.range(0, 31).toArray();
            int[] rest = IntStream.range(31, ROWS).toArray();
            for (int[] part : new int[][] {first, rest}) {
                Tensor dyPart = arena.allocate("dy", part.length, 19);
                Tensor xPart = arena.allocate("x", part.length, 33);
                k.gatherRows(dy, part, part.length, dyPart);
                k.gatherRows(x, part, part.length, xPart);
                k.linearBackwardWeight(dyPart, 0, xPart, part.length, halves);
            }
            assertThat(Numbers.read(k, halves)).isDeepEqualTo(Numbers.read(k, whole));
        }
    }
}
