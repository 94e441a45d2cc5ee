// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * GELU in the form with tanh, written with the sigmoid: {@code (1 + tanh u)/2 = σ(2u)}, so y = x·σ(2u) with
 * {@code 2u = x·(a + b·x²)}, and y' = σ + x·σ·(1 − σ)·(a + 3b·x²). Sigmoids of a block of numbers go through scratch
 * memory, and so does what is left after the last whole vector.
 */
final class VectorGelu extends RowWork {
    private static final int COST = 8;
    private static final int BLOCK = 512;
    private static final float A = (float) (2 * Math.sqrt(2 / Math.PI));
    private static final float B = (float) (2 * Math.sqrt(2 / Math.PI) * 0.044715);

    private final Threads threads;
    private final Workspace[] workspaces;
    private long x;
    private long dy;
    private long result;
    private long n;

    VectorGelu(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        this.workspaces = workspaces;
    }

    void forward(long x, long n, long y) {
        run(0, x, n, y);
    }

    void backward(long dy, long x, long n, long dx) {
        run(dy, x, n, dx);
    }

    private void run(long dy, long x, long n, long result) {
        this.dy = dy;
        this.x = x;
        this.n = n;
        this.result = result;
        launch(threads, (int) Math.ceilDiv(n, (long) BLOCK), (long) COST * BLOCK);
    }

    @Override
    void rows(int from, int to, int worker) {
        long sigmoids = workspaces[worker].scratch(BLOCK + 3L * Lanes.COUNT);
        for (int block = from; block < to; block++) {
            long at = (long) block * BLOCK * Float.BYTES;
            int count = (int) Math.min(BLOCK, n - (long) block * BLOCK);
            int whole = Lanes.SPECIES.loopBound(count);
            block(x + at, dy + at, whole, sigmoids, result + at);
            if (whole < count) {
                rest(at + (long) whole * Float.BYTES, count - whole, sigmoids);
            }
        }
    }

    private void rest(long at, int count, long sigmoids) {
        long ownX = Lanes.moved(x + at, sigmoids + (long) BLOCK * Float.BYTES, count);
        long ownDy = ownX + Lanes.BYTES;
        long ownResult = ownDy + Lanes.BYTES;
        if (dy != 0) {
            Lanes.copy(dy + at, ownDy, count);
        }
        block(ownX, ownDy, Lanes.COUNT, sigmoids, ownResult);
        Lanes.copy(ownResult, result + at, count);
    }

    private void block(long x, long dy, int n, long sigmoids, long result) {
        arguments(x, n, sigmoids);
        VectorMath.sigmoid(sigmoids, n, sigmoids);
        if (this.dy == 0) {
            products(x, n, sigmoids, result);
        } else {
            slopes(dy, x, n, sigmoids, result);
        }
    }

    private static void arguments(long x, int n, long to) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector v = Lanes.load(x + at);
            Lanes.store(v.mul(B).fma(v, Lanes.broadcast(A)).mul(v), to + at);
        }
    }

    private static void products(long x, int n, long sigmoids, long y) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(x + at).mul(Lanes.load(sigmoids + at)), y + at);
        }
    }

    private static void slopes(long dy, long x, int n, long sigmoids, long dx) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector v = Lanes.load(x + at);
            FloatVector sigmoid = Lanes.load(sigmoids + at);
            FloatVector bend = v.mul(3 * B).fma(v, Lanes.broadcast(A)).mul(v);
            FloatVector slope = sigmoid.mul(bend).fma(sigmoid.neg().add(1f), sigmoid);
            Lanes.store(slope.mul(Lanes.load(dy + at)), dx + at);
        }
    }
}
