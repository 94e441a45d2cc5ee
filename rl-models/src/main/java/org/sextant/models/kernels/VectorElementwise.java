// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Sums and scalings over memory that is contiguous. */
final class VectorElementwise extends RowWork {
    private enum Operation {
        ADD,
        SCALE
    }

    private static final int CHUNK = 4096;

    private final Threads threads;
    private Operation operation;
    private long x;
    private long y;
    private long n;
    private float factor;

    VectorElementwise(Threads threads) {
        this.threads = threads;
    }

    /** {@code y += x}. */
    void add(long x, long y, long n) {
        this.x = x;
        this.y = y;
        flat(Operation.ADD, n);
    }

    void scale(long y, long n, float factor) {
        this.y = y;
        this.factor = factor;
        flat(Operation.SCALE, n);
    }

    private void flat(Operation operation, long n) {
        this.operation = operation;
        this.n = n;
        launch(threads, (int) Math.ceilDiv(n, (long) CHUNK), CHUNK);
    }

    @Override
    void rows(int from, int to, int worker) {
        long first = (long) from * CHUNK;
        int count = (int) (Math.min(n, (long) to * CHUNK) - first);
        long at = first * Float.BYTES;
        if (operation == Operation.ADD) {
            add(x + at, y + at, count);
        } else {
            scale(y + at, count, factor);
        }
    }

    /** {@code y += x} on this thread. */
    static void add(long x, long y, int n) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(y + at).add(Lanes.load(x + at)), y + at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = (long) whole * Float.BYTES;
            Lanes.store(Lanes.load(y + at, rest).add(Lanes.load(x + at, rest)), y + at, rest);
        }
    }

    private static void scale(long y, int n, float factor) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = y + (long) i * Float.BYTES;
            Lanes.store(Lanes.load(at).mul(factor), at);
        }
        if (whole < n) {
            VectorMask<Float> rest = Lanes.first(n - whole);
            long at = y + (long) whole * Float.BYTES;
            Lanes.store(Lanes.load(at, rest).mul(factor), at, rest);
        }
    }

    /** True if the {@code n} numbers are all finite: x · 0 is 0 for these, and NaN for the others. */
    static boolean allFinite(long x, int n) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            sum = Lanes.load(x + (long) i * Float.BYTES).mul(0f).add(sum);
        }
        sum = Lanes.load(x + (long) whole * Float.BYTES, Lanes.first(n - whole))
                .mul(0f)
                .add(sum);
        return !sum.test(VectorOperators.IS_NAN).anyTrue();
    }
}
