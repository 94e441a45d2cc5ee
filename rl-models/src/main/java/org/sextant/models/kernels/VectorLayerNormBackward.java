// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Gradient of {@link VectorLayerNorm}: with x̂ = (x − mean) · inverse and g = dy·w, dx += inverse · (g − mean(g) − x̂ ·
 * mean(g·x̂)).
 */
final class VectorLayerNormBackward extends RowWork {
    private final Threads threads;
    private final WeightGradient weightGradient = new WeightGradient();
    private final VectorBiasGradient biasGradient;

    private long dy;
    private long x;
    private long statistics;
    private int n;
    private long w;
    private long dx;

    VectorLayerNormBackward(Threads threads) {
        this.threads = threads;
        this.biasGradient = new VectorBiasGradient(threads);
    }

    /** {@code dw} and {@code db} may be 0. */
    void run(long dy, long x, long statistics, int rows, int n, long w, long dx, long dw, long db) {
        this.dy = dy;
        this.x = x;
        this.statistics = statistics;
        this.n = n;
        this.w = w;
        this.dx = dx;
        launch(threads, rows, n);
        if (dw != 0) {
            weightGradient.run(threads, dy, x, statistics, rows, n, dw);
            biasGradient.run(dy, rows, n, db);
        }
    }

    @Override
    void rows(int from, int to, int worker) {
        for (int r = from; r < to; r++) {
            long at = (long) r * n * Float.BYTES;
            float mean = Lanes.get(statistics + 2L * r * Float.BYTES);
            float inverse = Lanes.get(statistics + (2L * r + 1) * Float.BYTES);
            float meanOfG = (float) (sumOfG(dy + at, n, w) / n);
            float along = (float) (sumOfProducts(dy + at, x + at, n, w, mean) / n * inverse * inverse);
            add(dy + at, x + at, n, w, mean, inverse, meanOfG, along, dx + at);
        }
    }

    private static double sumOfG(long dy, int n, long w) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            sum = Lanes.load(dy + at).fma(Lanes.load(w + at), sum);
        }
        VectorMask<Float> rest = Lanes.first(n - whole);
        long at = (long) whole * Float.BYTES;
        return Lanes.sum(Lanes.load(dy + at, rest).fma(Lanes.load(w + at, rest), sum));
    }

    /** Σ g · (x − mean). */
    private static double sumOfProducts(long dy, long x, int n, long w, float mean) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector g = Lanes.load(dy + at).mul(Lanes.load(w + at));
            sum = g.fma(Lanes.load(x + at).sub(mean), sum);
        }
        VectorMask<Float> rest = Lanes.first(n - whole);
        long at = (long) whole * Float.BYTES;
        FloatVector g = Lanes.load(dy + at, rest).mul(Lanes.load(w + at, rest));
        return Lanes.sum(g.fma(Lanes.load(x + at, rest).sub(mean), sum));
    }

    private static void add(
            long dy, long x, int n, long w, float mean, float inverse, float meanOfG, float along, long dx) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector g = Lanes.load(dy + at).mul(Lanes.load(w + at)).sub(meanOfG);
            FloatVector across = Lanes.load(x + at).sub(mean).fma(Lanes.broadcast(-along), g);
            Lanes.store(across.fma(Lanes.broadcast(inverse), Lanes.load(dx + at)), dx + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector g =
                    Lanes.load(dy + at, rest).mul(Lanes.load(w + at, rest)).sub(meanOfG);
            FloatVector across = Lanes.load(x + at, rest).sub(mean).fma(Lanes.broadcast(-along), g);
            Lanes.store(across.fma(Lanes.broadcast(inverse), Lanes.load(dx + at, rest)), dx + at, rest);
        }
    }

    /** {@code dw += Σ_rows dy · x̂}. */
    private static final class WeightGradient extends ColumnSums {
        private long dy;
        private long x;
        private long statistics;
        private int n;
        private long dw;

        void run(Threads threads, long dy, long x, long statistics, int rows, int n, long dw) {
            this.dy = dy;
            this.x = x;
            this.statistics = statistics;
            this.n = n;
            this.dw = dw;
            launch(threads, rows, n);
        }

        @Override
        void add(int row, int first, int count) {
            long at = ((long) row * n + first) * Float.BYTES;
            float mean = Lanes.get(statistics + 2L * row * Float.BYTES);
            float inverse = Lanes.get(statistics + (2L * row + 1) * Float.BYTES);
            addProducts(dy + at, x + at, mean, inverse, count, dw + (long) first * Float.BYTES);
        }

        private static void addProducts(long dy, long x, float mean, float inverse, int n, long dw) {
            int whole = Lanes.SPECIES.loopBound(n);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                long at = (long) i * Float.BYTES;
                FloatVector normed = Lanes.load(x + at).sub(mean).mul(inverse);
                Lanes.store(normed.fma(Lanes.load(dy + at), Lanes.load(dw + at)), dw + at);
            }
            if (whole < n) {
                VectorMask<Float> rest = Lanes.first(n - whole);
                long at = (long) whole * Float.BYTES;
                FloatVector normed = Lanes.load(x + at, rest).sub(mean).mul(inverse);
                Lanes.store(normed.fma(Lanes.load(dy + at, rest), Lanes.load(dw + at, rest)), dw + at, rest);
            }
        }
    }
}
