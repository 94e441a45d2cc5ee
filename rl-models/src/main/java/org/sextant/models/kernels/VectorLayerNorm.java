// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Layer normalisation fused with the addition to the residual stream; a row at a time. */
final class VectorLayerNorm extends RowWork {
    private final Threads threads;

    private long x;
    private long delta;
    private long y;
    private long w;
    private long b;
    private long statistics;
    private int n;
    private double epsilon;

    VectorLayerNorm(Threads threads) {
        this.threads = threads;
    }

    /** {@code delta} may be 0. */
    void run(long x, long delta, int rows, int n, long w, long b, double epsilon, long y, long statistics) {
        this.x = x;
        this.delta = delta;
        this.n = n;
        this.w = w;
        this.b = b;
        this.epsilon = epsilon;
        this.y = y;
        this.statistics = statistics;
        launch(threads, rows, n);
    }

    @Override
    void rows(int from, int to, int worker) {
        for (int r = from; r < to; r++) {
            long at = (long) r * n * Float.BYTES;
            if (delta != 0) {
                VectorElementwise.add(delta + at, x + at, n);
            }
            float mean = (float) (sum(x + at, n) / n);
            float inverse = (float) (1 / Math.sqrt(sumOfSquares(x + at, n, mean) / n + epsilon));
            Lanes.set(statistics + 2L * r * Float.BYTES, mean);
            Lanes.set(statistics + (2L * r + 1) * Float.BYTES, inverse);
            normalise(x + at, n, mean, inverse, w, b, y + at);
        }
    }

    private static double sum(long x, int n) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            sum = sum.add(Lanes.load(x + (long) i * Float.BYTES));
        }
        return Lanes.sum(sum.add(Lanes.load(x + (long) whole * Float.BYTES, Lanes.first(n - whole))));
    }

    private static double sumOfSquares(long x, int n, float mean) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector v = Lanes.load(x + (long) i * Float.BYTES).sub(mean);
            sum = v.fma(v, sum);
        }
        VectorMask<Float> rest = Lanes.first(n - whole);
        FloatVector v = Lanes.load(x + (long) whole * Float.BYTES, rest).sub(mean, rest);
        return Lanes.sum(v.fma(v, sum));
    }

    private static void normalise(long x, int n, float mean, float inverse, long w, long b, long y) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector normed = Lanes.load(x + at).sub(mean).mul(inverse);
            Lanes.store(normed.fma(Lanes.load(w + at), Lanes.load(b + at)), y + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector normed = Lanes.load(x + at, rest).sub(mean).mul(inverse);
            Lanes.store(normed.fma(Lanes.load(w + at, rest), Lanes.load(b + at, rest)), y + at, rest);
        }
    }
}
