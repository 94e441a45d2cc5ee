// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One primitive on one shape with seeded inputs: the same numbers for any kernels.
 *
 * @param name primitive and shape
 * @param body computes and returns every output
 */
public record PrimitiveCase(String name, Body body) {
    /** Runs the primitive. */
    public interface Body {
        List<double[][]> outputs(Bench bench);
    }

    /** Kernels, an arena, and seeded tensors. */
    public record Bench(Kernels k, MemoryArena arena) {
        Tensor random(int rows, int columns, long seed) {
            return Numbers.random(k, arena, "random" + seed, rows, columns, seed);
        }

        Tensor weight(int rows, int columns, long seed) {
            return Numbers.weight(k, arena, "weight" + seed, rows, columns, seed);
        }

        Tensor zeros(int rows, int columns) {
            return arena.allocate("zeros", rows, columns);
        }

        List<double[][]> read(Tensor... tensors) {
            List<double[][]> all = new ArrayList<>();
            for (Tensor t : tensors) {
                all.add(Numbers.read(k, t));
            }
            return all;
        }
    }

    public List<double[][]> on(Kernels kernels) {
        try (MemoryArena arena = kernels.arena("case")) {
            return body.outputs(new Bench(kernels, arena));
        }
    }

    /** Fails unless kernels compute what the oracle does, within rounding of their type. */
    public void assertAgrees(Kernels kernels, Kernels oracle) {
        List<double[][]> actual = on(kernels);
        List<double[][]> expected = on(oracle);
        assertThat(actual).hasSameSizeAs(expected);
        for (int output = 0; output < actual.size(); output++) {
            assertClose(kernels, "output " + output, actual.get(output), expected.get(output));
        }
    }

    private static void assertClose(Kernels kernels, String what, double[][] actual, double[][] expected) {
        double largest = 1;
        for (double[] row : expected) {
            for (double x : row) {
                largest = Math.max(largest, Math.abs(x));
            }
        }
        double tolerance = 64 * kernels.roundOff() * largest;
        for (int r = 0; r < expected.length; r++) {
            for (int c = 0; c < expected[r].length; c++) {
                if (!(Math.abs(actual[r][c] - expected[r][c]) <= tolerance)) {
                    fail(
                            "%s of %s at [%d, %d]: %s, but the oracle says %s",
                            what, kernels.describe(), r, c, actual[r][c], expected[r][c]);
                }
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** Awkward and tiny: also for vectors that this machine only emulates. */
    public static List<PrimitiveCase> small() {
        List<PrimitiveCase> cases = new ArrayList<>();
        int[][] shapes = {{0, 4, 4}, {1, 1, 1}, {1, 3, 17}, {7, 17, 3}, {5, 33, 6}, {13, 5, 64}, {2, 20, 270}};
        for (int[] s : shapes) {
            WeightCases.add(cases, s[0], s[1], s[2]);
        }
        for (int[] s : new int[][] {{0, 3}, {1, 1}, {7, 3}, {33, 17}, {2, 64}, {3, 130}}) {
            addRowPrimitives(cases, s[0], s[1]);
        }
        cases.add(attention(1, 1, 6, 3));
        cases.add(attention(6, 2, 6, 1, 33, 2));
        cases.add(attention(2, 1, 16, 40));
        cases.add(attention(1, 1, 20, 5));
        cases.add(attention(2, 2, 4));
        return cases;
    }

    /** Large enough for several blocks, panels and threads. */
    public static List<PrimitiveCase> large() {
        List<PrimitiveCase> cases = new ArrayList<>();
        for (int[] s : new int[][] {{33, 130, 300}, {401, 70, 64}, {64, 300, 513}}) {
            WeightCases.add(cases, s[0], s[1], s[2]);
        }
        for (int[] s : new int[][] {{300, 130}, {70, 1100}}) {
            addRowPrimitives(cases, s[0], s[1]);
        }
        cases.add(attention(6, 2, 10, 1, 7, 100, 33));
        cases.add(attention(4, 4, 36, 65, 31));
        cases.add(attention(8, 2, 64, 150));
        return cases;
    }

    private static void addRowPrimitives(List<PrimitiveCase> cases, int rows, int n) {
        String shape = " " + rows + " x " + n;
        cases.add(new PrimitiveCase("moves" + shape, b -> moves(b, rows, n)));
        cases.add(new PrimitiveCase("squares of a column" + shape, b -> {
            Tensor column = b.random(rows, 1, 1);
            return List.<double[][]>of(new double[][] {{b.k().sumOfSquares(column) / (1 + rows)}});
        }));
        cases.add(new PrimitiveCase("rmsNorm" + shape, b -> rmsNorm(b, rows, n, false)));
        cases.add(new PrimitiveCase("rmsNorm with residual" + shape, b -> rmsNorm(b, rows, n, true)));
        cases.add(new PrimitiveCase("swiGlu" + shape, b -> {
            Tensor gateUp = b.random(rows, 2 * n, 1);
            b.k().scale(gateUp, rows, 5);
            Tensor y = b.random(rows, n, 2);
            Tensor dGateUp = b.random(rows, 2 * n, 3);
            b.k().swiGlu(gateUp, rows, y);
            b.k().swiGluBackward(y, gateUp, rows, dGateUp);
            return b.read(y, dGateUp);
        }));
        cases.add(new PrimitiveCase("layerNorm" + shape, b -> layerNorm(b, rows, n, false)));
        cases.add(new PrimitiveCase("layerNorm with residual" + shape, b -> layerNorm(b, rows, n, true)));
        cases.add(new PrimitiveCase("headNorm" + shape, b -> headNorm(b, rows, n)));
        cases.add(new PrimitiveCase("gelu" + shape, b -> {
            Tensor x = b.random(rows, n, 1);
            b.k().scale(x, rows, 3);
            Tensor y = b.zeros(rows, n);
            Tensor dx = b.random(rows, n, 2);
            b.k().gelu(x, rows, y);
            b.k().geluBackward(dx, x, rows, dx);
            return b.read(y, dx);
        }));
        cases.add(new PrimitiveCase("dropout" + shape, b -> {
            Tensor x = b.random(rows, n, 1);
            Tensor y = b.zeros(rows, n);
            Tensor dx = b.random(rows, n, 2);
            b.k().dropout(x, rows, 0.3, 17, y);
            b.k().dropoutBackward(y, rows, 0.3, 18, dx);
            b.k().dropout(x, rows, 0, -1, x);
            return b.read(x, y, dx);
        }));
        cases.add(new PrimitiveCase("rope" + shape, b -> rope(b, rows, n)));
        for (double temperature : new double[] {1, 0.6}) {
            cases.add(new PrimitiveCase(
                    "vocabulary at " + temperature + shape, b -> vocabulary(b, rows, n, temperature)));
        }
        cases.add(new PrimitiveCase("adamW" + shape, b -> adamW(b, rows, n)));
    }

    private static List<double[][]> moves(Bench b, int rows, int n) {
        Kernels k = b.k();
        int[] index = new int[rows];
        for (int i = 0; i < rows; i++) {
            index[i] = i * 3 % Math.max(1, rows - 1);
        }
        Tensor x = b.random(rows, n, 1);
        Tensor gathered = b.zeros(rows, n);
        k.gatherRows(x, index, rows, gathered);
        Tensor scattered = b.random(rows, n, 2);
        k.scatterAddRows(x, index, rows, scattered);
        Tensor sum = b.zeros(rows, n);
        k.copy(x, sum, rows);
        k.add(scattered, sum, rows);
        k.scale(sum, rows, -1.7);
        Tensor partly = b.random(rows, n, 3);
        k.zero(partly, rows / 2);
        double[][] norm = {{k.sumOfSquares(x) / (1 + x.size()), k.firstNonFiniteRow(x, rows)}};
        List<double[][]> all = b.read(gathered, scattered, sum, partly);
        all.add(norm);
        return all;
    }

    private static List<double[][]> rmsNorm(Bench b, int rows, int n, boolean residual) {
        Tensor x = b.random(rows, n, 1);
        Tensor delta = residual ? b.random(rows, n, 2) : null;
        Tensor w = b.random(1, n, 3);
        Tensor y = b.zeros(rows, n);
        Tensor inverse = b.zeros(rows, 1);
        b.k().rmsNorm(x, delta, rows, w, 1e-5, y, inverse);
        Tensor dx = b.random(rows, n, 4);
        Tensor dw = b.random(1, n, 5);
        b.k().rmsNormBackward(b.random(rows, n, 6), x, inverse, rows, w, dx, dw);
        b.k().rmsNormBackward(b.random(rows, n, 7), x, inverse, rows, w, dx, null);
        return b.read(x, y, inverse, dx, dw);
    }

    private static List<double[][]> layerNorm(Bench b, int rows, int n, boolean residual) {
        Tensor x = b.random(rows, n, 1);
        Tensor delta = residual ? b.random(rows, n, 2) : null;
        Tensor w = b.random(1, n, 3);
        Tensor y = b.zeros(rows, n);
        Tensor statistics = b.zeros(rows, 2);
        b.k().layerNorm(x, delta, rows, w, b.random(1, n, 4), 1e-2, y, statistics);
        Tensor dx = b.random(rows, n, 5);
        Tensor dw = b.random(1, n, 6);
        Tensor db = b.random(1, n, 7);
        b.k().layerNormBackward(b.random(rows, n, 8), x, statistics, rows, w, dx, dw, db);
        b.k().layerNormBackward(b.random(rows, n, 9), x, statistics, rows, w, dx, null, null);
        return b.read(x, y, statistics, dx, dw, db);
    }

    private static List<double[][]> headNorm(Bench b, int rows, int headSize) {
        int columns = 2 + 3 * headSize;
        Tensor x = b.random(rows, columns, 1);
        Tensor before = b.random(rows, columns, 1);
        Tensor w = b.random(1, headSize, 2);
        Tensor inverse = b.zeros(rows, 4);
        b.k().headNorm(x, 1, 3, headSize, rows, w, 1e-2, inverse);
        Tensor dx = b.random(rows, columns, 3);
        Tensor dw = b.random(1, headSize, 4);
        b.k().headNormBackward(dx, before, inverse, 1, 3, headSize, rows, w, dw);
        b.k().headNormBackward(dx, before, inverse, 1, 2, headSize, rows, w, null);
        return b.read(x, inverse, dx, dw);
    }

    private static List<double[][]> rope(Bench b, int rows, int half) {
        double[] frequencies = new double[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = Math.pow(1e4, -(double) i / half);
        }
        Segments segments = new Segments();
        int first = Math.min(rows, 5);
        segments.add(first, 60, Numbers.pageTable(0, 65));
        segments.add(rows - first, 0, Numbers.pageTable(3, rows));
        Tensor x = b.random(rows, 1 + 4 * half, 1);
        b.k().rope(x, 1, 2, 2 * half, segments, frequencies, 1.1, false);
        Tensor back = b.random(rows, 2 * half, 2);
        b.k().rope(back, 0, 1, 2 * half, segments, frequencies, 1, true);
        return b.read(x, back);
    }

    private static List<double[][]> vocabulary(Bench b, int rows, int n, double temperature) {
        Tensor logits = b.random(rows, n, 1);
        b.k().scale(logits, rows, 4);
        int[] targets = new int[rows + 2];
        double[][] g = new double[3][rows + 2];
        for (int i = 2; i < rows + 2; i++) {
            targets[i] = i * 7 % n;
            g[0][i] = i % 3 == 0 ? 0 : Math.sin(i);
            g[1][i] = i % 3 == 0 ? 0 : Math.cos(i);
            g[2][i] = i % 3 == 0 ? 0 : Math.sin(2 * i);
        }
        double[][] statistics = new double[3][rows + 2];
        b.k().vocabularyStatistics(logits, rows, targets, 2, temperature, statistics[0], statistics[1], statistics[2]);
        Tensor dLogits = b.random(rows, n, 2);
        b.k().vocabularyStatisticsBackward(logits, rows, targets, 2, temperature, g[0], g[1], g[2], dLogits);
        Tensor onlyEntropy = b.zeros(rows, n);
        b.k().vocabularyStatisticsBackward(logits, rows, null, 2, temperature, null, g[1], null, onlyEntropy);
        b.k().vocabularyStatisticsBackward(logits, rows, targets, 2, temperature, g[0], null, null, logits);
        List<double[][]> all = b.read(dLogits, onlyEntropy, logits);
        all.add(statistics);
        return all;
    }

    private static List<double[][]> adamW(Bench b, int rows, int n) {
        Tensor w = b.random(rows, n, 1);
        Tensor m = b.zeros(rows, n);
        Tensor v = b.zeros(rows, n);
        for (int step = 1; step <= 3; step++) {
            Tensor gradient = b.random(rows, n, 10 + step);
            double correction1 = 1 - Math.pow(0.9, step);
            double correction2 = 1 - Math.pow(0.95, step);
            b.k().adamW(
                            w,
                            gradient,
                            m,
                            v,
                            new Kernels.AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, correction1, correction2, 0.3));
        }
        return b.read(w, m, v);
    }

    private static PrimitiveCase attention(int heads, int keyValueHeads, int headSize, int... lengths) {
        String name = "attention " + heads + ":" + keyValueHeads + " heads of " + headSize + ", lengths "
                + Arrays.toString(lengths);
        return new PrimitiveCase(name, b -> {
            Segments segments = Numbers.sequences(lengths);
            int rows = segments.totalRows();
            int width = (heads + 2 * keyValueHeads) * headSize;
            KeyValuePages pages = b.arena().allocatePages("pages", 2, keyValueHeads, headSize, 12);
            Tensor qkv = b.random(rows, width, 1);
            Tensor out = b.zeros(rows, heads * headSize);
            Tensor logSumExp = b.zeros(rows, heads);
            Tensor dQkv = b.random(rows, width, 2);
            double scale = 1 / Math.sqrt(headSize);
            b.k().storeKeyValues(qkv, heads * headSize, (heads + keyValueHeads) * headSize, segments, pages, 1);
            b.k().attention(qkv, heads, segments, pages, 1, scale, out, logSumExp);
            b.k().attentionBackward(
                            qkv,
                            heads,
                            segments,
                            pages,
                            1,
                            scale,
                            out,
                            logSumExp,
                            b.random(rows, heads * headSize, 3),
                            dQkv);
            return b.read(out, logSumExp, dQkv);
        });
    }
}
