// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** RMSNorm of each head in place. */
final class VectorHeadNorm extends RowWork {
    private static MethodHandle backwardHead = OutOfLine.handle(MethodHandles.lookup(), "backwardHead");

    private final Threads threads;
    private final WeightGradient weightGradient = new WeightGradient();

    private VectorTensor x;
    private VectorTensor dx;
    private VectorTensor inverse;
    private int firstColumn;
    private int heads;
    private int headSize;
    private long w;
    private double epsilon;

    VectorHeadNorm(Threads threads) {
        this.threads = threads;
    }

    void forward(
            VectorTensor x,
            int firstColumn,
            int heads,
            int headSize,
            int rows,
            long w,
            double epsilon,
            VectorTensor inverse) {
        this.epsilon = epsilon;
        run(null, x, inverse, firstColumn, heads, headSize, rows, w);
    }

    /** {@code dw} may be 0. */
    void backward(
            VectorTensor dx,
            VectorTensor x,
            VectorTensor inverse,
            int firstColumn,
            int heads,
            int headSize,
            int rows,
            long w,
            long dw) {
        if (dw != 0) {
            weightGradient.run(threads, dx, x, inverse, firstColumn, heads, headSize, rows, dw);
        }
        run(dx, x, inverse, firstColumn, heads, headSize, rows, w);
    }

    private void run(
            VectorTensor dx,
            VectorTensor x,
            VectorTensor inverse,
            int firstColumn,
            int heads,
            int headSize,
            int rows,
            long w) {
        this.dx = dx;
        this.x = x;
        this.inverse = inverse;
        this.firstColumn = firstColumn;
        this.heads = heads;
        this.headSize = headSize;
        this.w = w;
        launch(threads, rows, (long) heads * headSize);
    }

    @Override
    void rows(int from, int to, int worker) {
        for (int r = from; r < to; r++) {
            for (int h = 0; h < heads; h++) {
                int column = firstColumn + h * headSize;
                long own = x.address(r, column);
                long inverseAt = inverse.address(r, h);
                if (dx == null) {
                    float scale = VectorNorm.inverseRoot(own, headSize, epsilon);
                    Lanes.set(inverseAt, scale);
                    VectorNorm.scaleRow(own, headSize, w, scale, own);
                } else {
                    backward(dx.address(r, column), own, Lanes.get(inverseAt));
                }
            }
        }
    }

    private void backward(long dx, long x, float inverse) {
        try {
            backwardHead.invokeExact(dx, x, inverse, headSize, w);
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    private static void backwardHead(long dx, long x, float inverse, int n, long w) {
        float along = VectorNorm.along(dx, x, inverse, n, w);
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector scaled = Lanes.load(dx + at).mul(Lanes.load(w + at));
            FloatVector across = Lanes.load(x + at).fma(Lanes.broadcast(along), scaled);
            Lanes.store(across.mul(inverse), dx + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector scaled = Lanes.load(dx + at, rest).mul(Lanes.load(w + at, rest));
            FloatVector across = Lanes.load(x + at, rest).fma(Lanes.broadcast(along), scaled);
            Lanes.store(across.mul(inverse), dx + at, rest);
        }
    }

    /** {@code dw += Σ dy · x · inverse} over rows, and heads within a row. */
    private static final class WeightGradient extends ColumnSums {
        private VectorTensor dy;
        private VectorTensor x;
        private VectorTensor inverse;
        private int firstColumn;
        private int heads;
        private int headSize;
        private long dw;

        void run(
                Threads threads,
                VectorTensor dy,
                VectorTensor x,
                VectorTensor inverse,
                int firstColumn,
                int heads,
                int headSize,
                int rows,
                long dw) {
            this.dy = dy;
            this.x = x;
            this.inverse = inverse;
            this.firstColumn = firstColumn;
            this.heads = heads;
            this.headSize = headSize;
            this.dw = dw;
            launch(threads, rows, headSize);
        }

        @Override
        void add(int row, int first, int count) {
            for (int h = 0; h < heads; h++) {
                int column = firstColumn + h * headSize + first;
                float scale = Lanes.get(inverse.address(row, h));
                long to = dw + (long) first * Float.BYTES;
                VectorNorm.addProducts(dy.address(row, column), x.address(row, column), scale, count, to);
            }
        }
    }
}
