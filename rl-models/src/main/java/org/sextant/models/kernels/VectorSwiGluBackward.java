// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;

/** Gradient of {@link VectorSwiGlu}. */
final class VectorSwiGluBackward extends RowWork {
    private final Threads threads;
    private final Workspace[] workspaces;
    private long dy;
    private long gateUp;
    private long dGateUp;
    private int n;

    VectorSwiGluBackward(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        this.workspaces = workspaces;
    }

    void run(long dy, long gateUp, int rows, int n, long dGateUp) {
        this.dy = dy;
        this.gateUp = gateUp;
        this.n = n;
        this.dGateUp = dGateUp;
        launch(threads, rows, (long) VectorSwiGlu.COST * n);
    }

    @Override
    void rows(int from, int to, int worker) {
        long buffer = workspaces[worker].scratch(5L * Lanes.COUNT);
        int whole = Lanes.SPECIES.loopBound(n);
        int rest = n - whole;
        long half = (long) n * Float.BYTES;
        long done = (long) whole * Float.BYTES;
        for (int r = from; r < to; r++) {
            long d = dy + r * half;
            long gate = gateUp + 2 * r * half;
            long dGate = dGateUp + 2 * r * half;
            long up = gate + half;
            long dUp = dGate + half;
            int count = whole;
            for (int part = 0; part < (rest == 0 ? 1 : 2); part++) {
                if (part == 1) {
                    count = Lanes.COUNT;
                    d = Lanes.moved(d + done, buffer, rest);
                    gate = Lanes.moved(gate + done, buffer + Lanes.BYTES, rest);
                    up = Lanes.moved(up + done, buffer + 2L * Lanes.BYTES, rest);
                    dGate = buffer + 3L * Lanes.BYTES;
                    dUp = buffer + 4L * Lanes.BYTES;
                }
                backward(d, gate, up, count, dGate, dUp);
            }
            Lanes.copy(buffer + 3L * Lanes.BYTES, dGateUp + 2 * r * half + done, rest);
            Lanes.copy(buffer + 4L * Lanes.BYTES, dGateUp + 2 * r * half + half + done, rest);
        }
    }

    /** With σ = sigmoid(g): d up = dy · g·σ, d gate = dy · up · (σ + g·σ·(1 − σ)). */
    private static void backward(long dy, long gate, long up, int n, long dGate, long dUp) {
        VectorMath.sigmoid(gate, n, dGate);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector sigmoid = Lanes.load(dGate + at);
            FloatVector silu = sigmoid.mul(Lanes.load(gate + at));
            FloatVector d = Lanes.load(dy + at);
            FloatVector slope = silu.fma(sigmoid.neg().add(1f), sigmoid);
            Lanes.store(slope.mul(Lanes.load(up + at)).mul(d), dGate + at);
            Lanes.store(silu.mul(d), dUp + at);
        }
    }
}
