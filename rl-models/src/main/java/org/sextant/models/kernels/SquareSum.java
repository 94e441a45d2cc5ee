// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Σ x² in double: a sum for each panel of a fixed size, then the panels in order. */
final class SquareSum implements Threads.Panels {
    private static final int PANEL = 1 << 15;

    private final Threads threads;
    private double[] sums = new double[0];
    private long x;
    private long n;

    SquareSum(Threads threads) {
        this.threads = threads;
    }

    double of(long x, long n) {
        this.x = x;
        this.n = n;
        int panels = (int) Math.ceilDiv(n, (long) PANEL);
        if (sums.length < panels) {
            sums = new double[panels];
        }
        threads.run(this, panels);
        double total = 0;
        for (int i = 0; i < panels; i++) {
            total += sums[i];
        }
        return total;
    }

    @Override
    public void panel(int index, int worker) {
        long first = (long) index * PANEL;
        sums[index] = panel(x + first * Float.BYTES, (int) Math.min(PANEL, n - first));
    }

    private static double panel(long x, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            long at = x + (long) i * Float.BYTES;
            a = square(at, a);
            b = square(at + 4, b);
            c = square(at + 8, c);
            d = square(at + 12, d);
        }
        for (; i < n; i++) {
            a = square(x + (long) i * Float.BYTES, a);
        }
        return (a + b) + (c + d);
    }

    private static double square(long at, double sum) {
        double v = Lanes.get(at);
        return Math.fma(v, v, sum);
    }
}
