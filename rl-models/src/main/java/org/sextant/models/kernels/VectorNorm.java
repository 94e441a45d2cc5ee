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
            float scale = (float) (1 / Math.sqrt(sumOfSquares(x + at, n) / n + epsilon));
            Lanes.set(inverseAt, scale);
            scaleRow(x + at, n, w, scale, y + at);
        }
    }

    private static double sumOfSquares(long x, int n) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector v = Lanes.load(x + (long) i * Float.BYTES);
            sum = v.fma(v, sum);
        }
        FloatVector v = Lanes.load(x + (long) whole * Float.BYTES, Lanes.first(n - whole));
        return Lanes.sum(v.fma(v, sum));
    }

    private static void scaleRow(long x, int n, long w, float scale, long y) {
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

    private static void backwardRow(long dy, long x, float inverse, int n, long w, long dx) {
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
        float along = (float) (-Lanes.sum(products) / n * inverse * inverse);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(dy + at).mul(Lanes.load(w + at));
            FloatVector across = Lanes.load(x + at).fma(Lanes.broadcast(along), scaled);
            Lanes.store(across.fma(Lanes.broadcast(inverse), Lanes.load(dx + at)), dx + at);
        }
        if (whole < n) {
            FloatVector across = Lanes.load(x + tail, rest).fma(Lanes.broadcast(along), last);
            Lanes.store(across.fma(Lanes.broadcast(inverse), Lanes.load(dx + tail, rest)), dx + tail, rest);
        }
    }

    /** {@code dw += Σ_rows dy · x · inverse}, some columns to a panel, so that rows are summed in ascending order. */
    private static final class WeightGradient implements Threads.Panels {
        private static final int SMALL = 8 * PANEL_ELEMENTS;

        private long dy;
        private long x;
        private long inverse;
        private int rows;
        private int n;
        private long dw;
        private int vectorsPerPanel;

        void run(Threads threads, long dy, long x, long inverse, int rows, int n, long dw) {
            this.dy = dy;
            this.x = x;
            this.inverse = inverse;
            this.rows = rows;
            this.n = n;
            this.dw = dw;
            int vectors = Math.ceilDiv(n, Lanes.COUNT);
            vectorsPerPanel = (long) rows * n < SMALL ? vectors : Math.ceilDiv(vectors, 2 * threads.count());
            threads.run(this, Math.ceilDiv(vectors, vectorsPerPanel));
        }

        @Override
        public void panel(int index, int worker) {
            int first = index * vectorsPerPanel * Lanes.COUNT;
            int end = Math.min(n, first + vectorsPerPanel * Lanes.COUNT);
            for (int r = 0; r < rows; r++) {
                long at = ((long) r * n + first) * Float.BYTES;
                float scale = Lanes.get(inverse + (long) r * Float.BYTES);
                addProducts(dy + at, x + at, scale, end - first, dw + (long) first * Float.BYTES);
            }
        }

        private static void addProducts(long dy, long x, float scale, int n, long dw) {
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
    }
}
