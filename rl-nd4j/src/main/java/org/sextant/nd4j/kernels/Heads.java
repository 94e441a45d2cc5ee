// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.nd4j.kernels.Scratch.Slot;

/** What is done to every head of some columns, in place: RMSNorm and rotation. */
final class Heads {
    private final Scratch scratch;
    private final Operations operations;
    private final Norms norms;
    private final Nd4jArena arena;
    private final Transfers transfers;
    private INDArray table;
    private double[] frequencies = {};
    private double scaling;
    private int reach;

    /** Columns of a matrix: some heads of one size, from some column on. */
    record Columns(Nd4jTensor matrix, int first, int heads, int size, int rows) {
        /** Numbers of each head from {@code skipped} on, as [rows, heads, count]. */
        INDArray part(int skipped, int count) {
            int width = matrix.columns();
            return Views.of(
                    matrix.all(), first + skipped, new long[] {rows, heads, count}, new long[] {width, size, 1});
        }
    }

    Heads(Scratch scratch, Operations operations, Norms norms, Nd4jArena arena, Transfers transfers) {
        this.operations = operations;
        this.scratch = scratch;
        this.norms = norms;
        this.arena = arena;
        this.transfers = transfers;
    }

    /** @param inverse at least {@code heads} columns, receives 1 / root of each head */
    void norm(Columns x, INDArray w, double epsilon, Nd4jTensor inverse) {
        INDArray copy = copy(x, Slot.C);
        INDArray roots = roots(x, Slot.MORE_ROWS);
        norms.rms(copy, w, epsilon, copy, roots);
        paste(copy, x);
        inverse.columns(0, x.heads(), x.rows()).assign(Views.matrix(roots, 0, x.rows(), x.heads()));
    }

    /** Turns the gradient of the output into that of the input. @param dw is added to; may be null */
    void normBackward(Columns dx, Columns x, INDArray w, Nd4jTensor inverse, INDArray dw) {
        INDArray dy = copy(dx, Slot.C);
        INDArray before = copy(x, Slot.D);
        INDArray roots = roots(x, Slot.MORE_ROWS);
        Views.matrix(roots, 0, x.rows(), x.heads()).assign(inverse.columns(0, x.heads(), x.rows()));
        paste(norms.rmsGradient(dy, before, roots, w, dw), dx);
    }

    /** Every head of every row as a row of its own. */
    private INDArray copy(Columns from, Slot slot) {
        INDArray to = scratch.matrix(slot, (long) from.rows() * from.heads(), from.size());
        three(to, from).assign(from.part(0, from.size()));
        return to;
    }

    private static void paste(INDArray rows, Columns to) {
        to.part(0, to.size()).assign(three(rows, to));
    }

    private static INDArray three(INDArray rows, Columns like) {
        return Views.of(rows, 0, new long[] {like.rows(), like.heads(), like.size()}, new long[] {
            (long) like.heads() * like.size(), like.size(), 1
        });
    }

    private INDArray roots(Columns x, Slot slot) {
        return scratch.matrix(slot, (long) x.rows() * x.heads(), 1);
    }

    /** With a and b the halves of a head: a' = a·cos − b·sin, b' = b·cos + a·sin; the other way round with {@code back}. */
    void rotate(Columns x, SegmentPlan plan, double[] inverseFrequencies, double factor, boolean back) {
        int half = x.size() / 2;
        reach(plan.lastPosition() + 1, inverseFrequencies, factor);
        INDArray angles = scratch.matrix(Slot.D, Sizes.rounded(x.rows()), x.size());
        operations.gather(Views.matrix(table, 0, reach, x.size()), plan.positions(), angles);
        INDArray cos = angle(angles, x, 0);
        INDArray sin = angle(angles, x, half);
        INDArray a = x.part(0, half);
        INDArray b = x.part(half, half);
        INDArray turned = turned(x, Slot.A, half);
        INDArray other = turned(x, Slot.B, half);
        INDArray product = turned(x, Slot.C, half);
        operations.multiply(a, cos, turned);
        operations.multiply(b, sin, product);
        combine(turned, product, !back);
        operations.multiply(b, cos, other);
        operations.multiply(a, sin, product);
        combine(other, product, back);
        a.assign(turned);
        b.assign(other);
    }

    private void combine(INDArray to, INDArray product, boolean minus) {
        if (minus) {
            operations.subtract(to, product, to);
        } else {
            operations.add(to, product, to);
        }
    }

    private static INDArray angle(INDArray angles, Columns x, int first) {
        return Views.of(angles, first, new long[] {x.rows(), 1, x.size() / 2}, new long[] {x.size(), x.size(), 1});
    }

    private INDArray turned(Columns x, Slot slot, int half) {
        return Views.of(
                scratch.numbers(slot, (long) x.rows() * x.heads() * half),
                0,
                new long[] {x.rows(), x.heads(), half},
                new long[] {(long) x.heads() * half, half, 1});
    }

    /** Cosines and sines of positions, [positions, cos | sin], computed in double on the host. */
    private void reach(int positions, double[] inverseFrequencies, double factor) {
        boolean same = factor == scaling && java.util.Arrays.equals(inverseFrequencies, frequencies);
        if (same && positions <= reach) {
            return;
        }
        int half = inverseFrequencies.length;
        int most = Math.max(256, Integer.highestOneBit(Math.max(1, positions - 1)) << 1);
        float[] numbers = new float[2 * half * most];
        for (int p = 0; p < most; p++) {
            for (int i = 0; i < half; i++) {
                numbers[p * 2 * half + i] = (float) (Math.cos(p * inverseFrequencies[i]) * factor);
                numbers[p * 2 * half + half + i] = (float) (Math.sin(p * inverseFrequencies[i]) * factor);
            }
        }
        if (table != null) {
            arena.giveBack(table, table.length() * Float.BYTES);
            reach = 0;
        }
        table = arena.made("rotary table", DataType.FLOAT, (long) numbers.length * Float.BYTES, numbers.length);
        table.assign(transfers.floats(numbers, numbers.length));
        reach = most;
        frequencies = inverseFrequencies.clone();
        scaling = factor;
    }
}
