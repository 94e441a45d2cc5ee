// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** SwiGLU and its gradient, one pass over a row. */
final class VectorSwiGlu extends RowWork {
    /** An exponential and a division: a row is worth some ten times its elements. */
    private static final int COST = 8;

    private final Threads threads;
    private long gateUp;
    private long y;
    private long dGateUp;
    private int n;

    VectorSwiGlu(Threads threads) {
        this.threads = threads;
    }

    void forward(long gateUp, int rows, int n, long y) {
        backward(y, gateUp, rows, n, 0);
    }

    void backward(long dy, long gateUp, int rows, int n, long dGateUp) {
        this.y = dy;
        this.gateUp = gateUp;
        this.n = n;
        this.dGateUp = dGateUp;
        launch(threads, rows, (long) COST * n);
    }

    @Override
    void rows(int from, int to, int worker) {
        long bytes = (long) n * Float.BYTES;
        for (int r = from; r < to; r++) {
            long gate = gateUp + 2 * r * bytes;
            if (dGateUp == 0) {
                forwardRow(gate, gate + bytes, n, y + r * bytes);
            } else {
                long dGate = dGateUp + 2 * r * bytes;
                backwardRow(y + r * bytes, gate, gate + bytes, n, dGate, dGate + bytes);
            }
        }
    }

    private static void forwardRow(long gate, long up, int n, long y) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector g = Lanes.load(gate + at);
            Lanes.store(g.mul(VectorMath.sigmoid(g)).mul(Lanes.load(up + at)), y + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector g = Lanes.load(gate + at, rest);
            Lanes.store(g.mul(VectorMath.sigmoid(g)).mul(Lanes.load(up + at, rest)), y + at, rest);
        }
    }

    private static void backwardRow(long dy, long gate, long up, int n, long dGate, long dUp) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector g = Lanes.load(gate + at);
            FloatVector sigmoid = VectorMath.sigmoid(g);
            FloatVector d = Lanes.load(dy + at);
            Lanes.store(slope(g, sigmoid).mul(Lanes.load(up + at)).mul(d), dGate + at);
            Lanes.store(g.mul(sigmoid).mul(d), dUp + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            FloatVector g = Lanes.load(gate + at, rest);
            FloatVector sigmoid = VectorMath.sigmoid(g);
            FloatVector d = Lanes.load(dy + at, rest);
            Lanes.store(slope(g, sigmoid).mul(Lanes.load(up + at, rest)).mul(d), dGate + at, rest);
            Lanes.store(g.mul(sigmoid).mul(d), dUp + at, rest);
        }
    }

    /** d silu(g) / dg = σ(g) · (1 + g · (1 − σ(g))). */
    private static FloatVector slope(FloatVector g, FloatVector sigmoid) {
        return g.mul(sigmoid.neg().add(1f)).add(1f).mul(sigmoid);
    }
}
