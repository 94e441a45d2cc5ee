// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** {@code dBias += Σ_rows dy}. */
final class VectorBiasGradient extends ColumnSums {
    private final Threads threads;
    private long dy;
    private int n;
    private long dBias;

    VectorBiasGradient(Threads threads) {
        this.threads = threads;
    }

    void run(long dy, int rows, int n, long dBias) {
        this.dy = dy;
        this.n = n;
        this.dBias = dBias;
        launch(threads, rows, n);
    }

    @Override
    void add(int row, int first, int count) {
        long at = dy + ((long) row * n + first) * Float.BYTES;
        VectorElementwise.add(at, dBias + (long) first * Float.BYTES, count);
    }
}
