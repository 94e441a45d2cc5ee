// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** RMSNorm fused with the addition to the residual stream; a row at a time. */
final class VectorNorm extends RowWork {
    private final Threads threads;
    private final WeightGradient weightGradient = new WeightGradient();

    private long x;
    private long delta;
    private long y;
    private long w;
    private long inverse;
    private long dx;
    private int n;
    private double epsilon;
    private boolean backward;

    VectorNorm(Threads threads) {
        this.threads = threads;
    }

    /** {@code delta} may be 0. */
    void forward(long x, long delta, int rows, int n, long w, double epsilon, long y, long inverse) {
        backward = false;
        this.x = x;
        this.delta = delta;
        this.n = n;
        this.w = w;
        this.epsilon = epsilon;
        this.y = y;
        this.inverse = inverse;
        launch(threads, rows, n);
    }

    /** {@code dw} may be 0. */
    void backward(long dy, long x, long inverse, int rows, int n, long w, long dx, long dw) {
        backward = true;
        this.y = dy;
        this.x = x;
        this.inverse = inverse;
        this.n = n;
        this.w = w;
        this.dx = dx;
        launch(threads, rows, n);
        if (dw != 0) {
            weightGradient.run(threads, dy, x, inverse, rows, n, dw);
        }
    }

    @Override
    void rows(int from, int to, int worker) {
        for (int r = from; r < to; r++) {
            long at = (long) r * n * Float.BYTES;
            long inverseAt = inverse + (long) r * Float.BYTES;
            if (backward) {
                backwardRow(y + at, x + at, Lanes.get(inverseAt), n, w, dx + at);
                continue;
            }
            if (delta != 0) {
                VectorElementwise.add(delta + at, x + at, n);
            }
            float scale = inverseRoot(x + at, n, epsilon);
            Lanes.set(inverseAt, scale);
            scaleRow(x + at, n, w, scale, y + at);
        }
    }

    /** {@code 1 / sqrt(mean(x²) + epsilon)}. */
    static float inverseRoot(long x, int n, double epsilon) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector v = Lanes.load(x + (long) i * Float.BYTES);
            sum = v.fma(v, sum);
        }
        FloatVector v = Lanes.load(x + (long) whole * Float.BYTES, Lanes.first(n - whole));
        return (float) (1 / Math.sqrt(Lanes.sum(v.fma(v, sum)) / n + epsilon));
    }

    static void scaleRow(long x, int n, long w, float scale, long y) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(x + at).mul(scale).mul(Lanes.load(w + at)), y + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            Lanes.store(Lanes.load(x + at, rest).mul(scale).mul(Lanes.load(w + at, rest)), y + at, rest);
        }
    }

    /** How much of x the gradient loses: {@code −inverse² · mean(dy·w·x)}. */
    static float along(long dy, long x, float inverse, int n, long w) {
        FloatVector products = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            products = Lanes.load(dy + at).mul(Lanes.load(w + at)).fma(Lanes.load(x + at), products);
        }
        VectorMask<Float> rest = Lanes.first(n - whole);
        long tail = (long) whole * Float.BYTES;
        FloatVector last = Lanes.load(dy + tail, rest).mul(Lanes.load(w + tail, rest));
        products = last.fma(Lanes.load(x + tail, rest), products);
        return (float) (-Lanes.sum(products) / n * inverse * inverse);
    }

    private static void backwardRow(long dy, long x, float inverse, int n, long w, long dx) {
        float along = along(dy, x, inverse, n, w);
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(dy + at).mul(Lanes.load(w + at));
            FloatVector across = Lanes.load(x + at).fma(Lanes.broadcast(along), scaled);
            Lanes.store(across.fma(Lanes.broadcast(inverse), Lanes.load(dx + at)), dx + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector scaled = Lanes.load(dy + at, rest).mul(Lanes.load(w + at, rest));
            FloatVector across = Lanes.load(x + at, rest).fma(Lanes.broadcast(along), scaled);
            Lanes.store(across.fma(Lanes.broadcast(inverse), Lanes.load(dx + at, rest)), dx + at, rest);
        }
    }

    /** {@code dw += dy · x · scale}. */
    static void addProducts(long dy, long x, float scale, int n, long dw) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector product = Lanes.load(x + at).mul(scale);
            Lanes.store(product.fma(Lanes.load(dy + at), Lanes.load(dw + at)), dw + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector product = Lanes.load(x + at, rest).mul(scale);
            Lanes.store(product.fma(Lanes.load(dy + at, rest), Lanes.load(dw + at, rest)), dw + at, rest);
        }
    }

    /** {@code dw += Σ_rows dy · x · inverse}. */
    private static final class WeightGradient extends ColumnSums {
        private long dy;
        private long x;
        private long inverse;
        private int n;
        private long dw;

        void run(Threads threads, long dy, long x, long inverse, int rows, int n, long dw) {
            this.dy = dy;
            this.x = x;
            this.inverse = inverse;
            this.n = n;
            this.dw = dw;
            launch(threads, rows, n);
        }

        @Override
        void add(int row, int first, int count) {
            long at = ((long) row * n + first) * Float.BYTES;
            float scale = Lanes.get(inverse + (long) row * Float.BYTES);
            addProducts(dy + at, x + at, scale, count, dw + (long) first * Float.BYTES);
        }
    }
}
