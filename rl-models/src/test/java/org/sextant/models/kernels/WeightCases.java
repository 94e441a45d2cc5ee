// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.sextant.models.kernels.PrimitiveCase.Bench;

/** Primitives that read or write weights [out, in], and their activations. */
final class WeightCases {
    private WeightCases() {}

    static void add(List<PrimitiveCase> cases, int rows, int out, int in) {
        String shape = " " + rows + " x " + out + " x " + in;
        cases.add(new PrimitiveCase("linear" + shape, b -> linear(b, rows, out, in)));
        cases.add(new PrimitiveCase("linear in a window" + shape, b -> window(b, rows, out, in)));
        cases.add(new PrimitiveCase("linear of BF16" + shape, b -> half(b, rows, out, in)));
        cases.add(new PrimitiveCase("look-up" + shape, b -> lookUp(b, rows, out, in)));
        cases.add(new PrimitiveCase("moves of weights" + shape, b -> moves(b, out, in)));
    }

    private static List<double[][]> linear(Bench b, int rows, int out, int in) {
        Kernels k = b.k();
        Tensor x = b.random(rows, in, 1);
        Tensor w = b.weight(out, in, 2);
        Tensor y = b.random(rows, out, 3);
        Tensor biased = b.random(rows, out, 3);
        Tensor dx = b.random(rows, in, 4);
        Tensor added = b.random(rows, in, 5);
        Tensor dw = b.weight(out, in, 6);
        Tensor dBias = b.random(out, 1, 7);
        k.linear(x, rows, w, null, y);
        k.linear(x, rows, w, b.random(out, 1, 8), biased);
        k.linearBackwardInput(y, 0, rows, w, dx, false);
        k.linearBackwardInput(y, 0, rows, w, added, true);
        k.linearBackwardWeight(y, 0, x, rows, dw);
        k.biasBackward(biased, rows, dBias);
        return b.read(y, biased, dx, added, dw, dBias);
    }

    /** A projection on columns 3 … 3 + out of wider activations: what lies beside them stays. */
    private static List<double[][]> window(Bench b, int rows, int out, int in) {
        Kernels k = b.k();
        Tensor x = b.random(rows, in, 1);
        Tensor w = b.weight(out, in, 2);
        Tensor y = b.random(rows, out + 5, 3);
        Tensor dx = b.random(rows, in, 4);
        Tensor added = b.random(rows, in, 5);
        Tensor dw = b.weight(out, in, 6);
        k.linearInto(x, rows, w, y, 3);
        k.linearBackwardInput(y, 3, rows, w, dx, false);
        k.linearBackwardInput(y, 5, rows, w, added, true);
        k.linearBackwardWeight(y, 3, x, rows, dw);
        return b.read(y, dx, added, dw);
    }

    private static List<double[][]> half(Bench b, int rows, int out, int in) {
        Kernels k = b.k();
        Tensor x = b.random(rows, in, 1);
        Tensor w = b.arena().allocateWeight("half", out, in, WeightFormat.BF16);
        Numbers.fill(k, w, 2);
        Tensor y = b.random(rows, out, 3);
        Tensor wide = b.random(rows, out + 2, 4);
        Tensor dx = b.random(rows, in, 5);
        k.linear(x, rows, w, b.random(out, 1, 6), y);
        k.linearInto(x, rows, w, wide, 1);
        k.linearBackwardInput(wide, 1, rows, w, dx, true);
        return b.read(w, y, wide, dx);
    }

    private static List<double[][]> lookUp(Bench b, int rows, int out, int in) {
        Kernels k = b.k();
        int[] index = new int[rows];
        for (int i = 0; i < rows; i++) {
            index[i] = i * 5 % out;
        }
        Tensor table = b.weight(out, in, 1);
        Tensor half = b.arena().allocateWeight("half", out, in, WeightFormat.BF16);
        k.copy(table, half, out);
        Tensor y = b.zeros(rows, in);
        Tensor fromHalf = b.zeros(rows, in);
        k.embed(index, rows, table, y);
        k.embed(index, rows, half, fromHalf);
        k.addRows(table, index, rows, fromHalf);
        k.addRows(half, index, rows, fromHalf);
        k.addRows(b.random(out, in, 2), index, rows, y);
        k.embedBackward(index, rows, y, table);
        k.scatterAddRows(fromHalf, index, rows, table);
        return b.read(y, fromHalf, table);
    }

    private static List<double[][]> moves(Bench b, int out, int in) {
        Kernels k = b.k();
        Tensor w = b.weight(out, in, 1);
        Tensor sum = b.weight(out, in, 2);
        k.add(w, sum, out);
        k.scale(sum, out, -0.7);
        Tensor copy = b.weight(out, in, 3);
        k.copy(sum, copy, out);
        Tensor half = b.arena().allocateWeight("half", out, in, WeightFormat.BF16);
        k.copy(w, half, out);
        Tensor widened = b.weight(out, in, 4);
        k.copy(half, widened, out);
        Tensor loaded = b.weight(out, in, 5);
        Tensor loadedHalf = b.arena().allocateWeight("loaded half", out, in, WeightFormat.BF16);
        throughFloats(k, w, loaded, loadedHalf, out / 3);
        Tensor zero = b.weight(out, in, 6);
        k.zero(zero, out);
        Tensor moments = b.arena().allocateLike("moments", w);
        var step = new Kernels.AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, 0.1, 0.05, 0.3);
        k.adamW(w, sum, moments, b.arena().allocateLike("squares", w), step);
        double[][] norm = {{k.sumOfSquares(sum) / (1 + sum.size()), k.firstNonFiniteRow(half, out)}};
        List<double[][]> all = b.read(sum, copy, half, widened, loaded, loadedHalf, zero, w, moments);
        all.add(norm);
        return all;
    }

    /** All rows but the first few, out and in again as little-endian floats. */
    private static void throughFloats(Kernels k, Tensor from, Tensor to, Tensor toHalf, int first) {
        int rows = from.rows() - first;
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment floats = memory.allocate((long) rows * from.columns() * Float.BYTES);
            k.store(from, first, rows, floats);
            k.load(to, first, rows, floats);
            k.load(toHalf, first, rows, floats);
        }
    }
}
