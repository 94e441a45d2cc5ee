// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * SwiGLU, a row at a time. What is left after the last whole vector of a row is computed in a buffer by the same loop,
 * from the same place in the code: a second copy of the loop may be more than the compiler inlines.
 */
final class VectorSwiGlu extends RowWork {
    /** An exponential and a division: an element is worth some ten moves. */
    static final int COST = 8;

    private final Threads threads;
    private final Workspace[] workspaces;
    private long gateUp;
    private long y;
    private int n;

    VectorSwiGlu(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        this.workspaces = workspaces;
    }

    void run(long gateUp, int rows, int n, long y) {
        this.gateUp = gateUp;
        this.n = n;
        this.y = y;
        launch(threads, rows, (long) COST * n);
    }

    @Override
    void rows(int from, int to, int worker) {
        long buffer = workspaces[worker].scratch(3L * Lanes.COUNT);
        int whole = Lanes.SPECIES.loopBound(n);
        int rest = n - whole;
        for (int r = from; r < to; r++) {
            long gate = gateUp + 2L * r * n * Float.BYTES;
            long up = gate + (long) n * Float.BYTES;
            long out = y + (long) r * n * Float.BYTES;
            int count = whole;
            for (int part = 0; part < (rest == 0 ? 1 : 2); part++) {
                if (part == 1) {
                    count = Lanes.COUNT;
                    gate = Lanes.moved(gate + (long) whole * Float.BYTES, buffer, rest);
                    up = Lanes.moved(up + (long) whole * Float.BYTES, buffer + Lanes.BYTES, rest);
                    out = buffer + 2L * Lanes.BYTES;
                }
                forward(gate, up, count, out);
            }
            Lanes.copy(buffer + 2L * Lanes.BYTES, y + ((long) r * n + whole) * Float.BYTES, rest);
        }
    }

    private static void forward(long gate, long up, int n, long y) {
        VectorMath.sigmoid(gate, n, y);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector silu = Lanes.load(gate + at).mul(Lanes.load(y + at));
            Lanes.store(silu.mul(Lanes.load(up + at)), y + at);
        }
    }
}
