// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
        "On shapes drawn at random, a position attends with the same bits whole, in pieces and token by token, in any company")
class RandomAttentionTest {
    private static final List<Kernels> BY_THREADS = OwnWidth.byThreads();

    @AfterAll
    static void close() {
        BY_THREADS.forEach(Kernels::close);
    }

    static Stream<Shape> cases() {
        return IntStream.range(0, 4).mapToObj(Shape::draw);
    }

    private record Shape(long seed, int length, int keyValueHeads, int group, int headSize) {
        static Shape draw(long seed) {
            Random random = new Random(seed);
            int[] headSizes = {2, 6, 10, 16, 32, 40, 64, 128};
            return new Shape(
                    seed,
                    random.nextInt(1, 200),
                    random.nextInt(1, 4),
                    random.nextInt(1, 8),
                    headSizes[random.nextInt(headSizes.length)]);
        }

        int heads() {
            return keyValueHeads * group;
        }

        int width() {
            return (heads() + 2 * keyValueHeads) * headSize;
        }
    }

    /** Sequence 0 is the one that is looked at; the others keep it company. */
    private static final class Sequences {
        final Kernels k;
        final MemoryArena arena;
        final Shape s;
        final KeyValuePages pages;

        Sequences(Kernels k, MemoryArena arena, Shape s) {
            this.k = k;
            this.arena = arena;
            this.s = s;
            this.pages = arena.allocatePages("pages", 1, s.keyValueHeads, s.headSize, 24);
        }

        /** Outputs at all positions of sequence 0 that is computed in pieces, each beside {@code others} new sequences. */
        double[][] in(int[] pieces, Random others) {
            double[][] sequence = Numbers.read(k, Numbers.random(k, arena, "sequence", s.length, s.width(), s.seed));
            double[][] outputs = new double[s.length][];
            int past = 0;
            for (int piece : pieces) {
                int before = others == null ? 0 : others.nextInt(40);
                int after = others == null ? 0 : others.nextInt(40);
                Segments segments = new Segments();
                segments.add(before, 0, Numbers.pageTable(10, 64));
                segments.add(piece, past, Numbers.pageTable(0, s.length));
                segments.add(after, 0, Numbers.pageTable(14, 64));
                Tensor qkv = Numbers.random(k, arena, "qkv", segments.totalRows(), s.width(), past);
                for (int i = 0; i < piece; i++) {
                    k.writeRow(qkv, before + i, sequence[past + i]);
                }
                double[][] found = Numbers.read(k, attend(qkv, segments, null));
                System.arraycopy(found, before, outputs, past, piece);
                past += piece;
            }
            return outputs;
        }

        private Tensor attend(Tensor qkv, Segments segments, Tensor logSumExp) {
            int keys = s.heads() * s.headSize;
            int values = keys + s.keyValueHeads * s.headSize;
            double[] frequencies = new Random(9).doubles(s.headSize / 2, 0, 1).toArray();
            k.rope(qkv, 0, s.heads() + s.keyValueHeads, s.headSize, segments, frequencies, 1, false);
            k.storeKeyValues(qkv, keys, values, segments, pages, 0);
            Tensor out = arena.allocate("out", segments.totalRows(), keys);
            k.attention(qkv, s.heads(), segments, pages, 0, 0.3, out, logSumExp);
            return out;
        }

        /** Gradients of sequence 0, of which {@code before} rows of another one come first. */
        double[][] gradients(int before) {
            Segments segments = new Segments();
            segments.add(before, 0, Numbers.pageTable(10, 64));
            segments.add(s.length, 0, Numbers.pageTable(0, s.length));
            int rows = segments.totalRows();
            Tensor qkv = Numbers.random(k, arena, "qkv", rows, s.width(), 3);
            Tensor dOut = Numbers.random(k, arena, "dOut", rows, s.heads() * s.headSize, 4);
            double[][] own = Numbers.read(k, Numbers.random(k, arena, "own", s.length, s.width(), 5));
            double[][] dOwn = Numbers.read(k, Numbers.random(k, arena, "own", s.length, s.heads() * s.headSize, 6));
            for (int i = 0; i < s.length; i++) {
                k.writeRow(qkv, before + i, own[i]);
                k.writeRow(dOut, before + i, dOwn[i]);
            }
            Tensor logSumExp = arena.allocate("logSumExp", rows, s.heads());
            Tensor out = attend(qkv, segments, logSumExp);
            Tensor dQkv = arena.allocate("dQkv", rows, s.width());
            k.attentionBackward(qkv, s.heads(), segments, pages, 0, 0.3, out, logSumExp, dOut, dQkv);
            return Arrays.copyOfRange(Numbers.read(k, dQkv), before, rows);
        }
    }

    /** The whole in pieces of 1 … {@code most} positions. */
    private static int[] pieces(int length, int most, Random random) {
        List<Integer> pieces = new ArrayList<>();
        for (int left = length; left > 0; left -= pieces.getLast()) {
            pieces.add(random.nextInt(1, Math.min(left, most) + 1));
        }
        return pieces.stream().mapToInt(p -> p).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void positions(Shape shape) {
        Random random = new Random(shape.seed);
        int[] whole = {shape.length};
        double[][] alone = null;
        double[][] gradients = null;
        for (Kernels k : BY_THREADS) {
            try (MemoryArena arena = k.arena("test")) {
                Sequences sequences = new Sequences(k, arena, shape);
                if (alone == null) {
                    alone = sequences.in(whole, null);
                    gradients = sequences.gradients(0);
                }
                assertThat(Arrays.deepEquals(sequences.in(whole, random), alone))
                        .isTrue();
                int[] pieces = pieces(shape.length, shape.length, random);
                assertThat(Arrays.deepEquals(sequences.in(pieces, random), alone))
                        .isTrue();
                assertThat(Arrays.deepEquals(sequences.gradients(random.nextInt(1, 60)), gradients))
                        .isTrue();
            }
        }
        tokenByToken(BY_THREADS.get((int) shape.seed % 3), shape, alone, random);
    }

    private static void tokenByToken(Kernels k, Shape shape, double[][] alone, Random random) {
        int[] ones = new int[Math.min(shape.length, 40)];
        Arrays.fill(ones, 1);
        int prompt = shape.length - ones.length;
        int[] pieces = prompt == 0
                ? ones
                : IntStream.concat(IntStream.of(prompt), IntStream.of(ones)).toArray();
        try (MemoryArena arena = k.arena("test")) {
            assertThat(Arrays.deepEquals(new Sequences(k, arena, shape).in(pieces, random), alone))
                    .as(k.describe())
                    .isTrue();
        }
    }
}
