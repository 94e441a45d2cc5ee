// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Dropout by {@link DropoutHash}, a vector of columns at a time. */
final class VectorDropout extends RowWork {
    private static final int COST = 4;

    /** 0, 1, 2 … times the step of the hash. */
    private static final IntVector STEPS =
            IntVector.zero(Lanes.INTS).addIndex(1).mul(DropoutHash.STEP);

    private final Threads threads;
    private long x;
    private long y;
    private int n;
    private long seed;
    private int threshold;
    private float factor;
    private boolean adds;

    VectorDropout(Threads threads) {
        this.threads = threads;
    }

    void run(VectorTensor x, int rows, double probability, long seed, long y, boolean adds) {
        this.x = x.address();
        this.y = y;
        this.n = x.columns();
        this.seed = seed;
        this.threshold = DropoutHash.threshold(probability);
        this.factor = (float) (1 / (1 - probability));
        this.adds = adds;
        launch(threads, rows, (long) COST * n);
    }

    @Override
    void rows(int from, int to, int worker) {
        for (int r = from; r < to; r++) {
            long key = DropoutHash.key(seed, r);
            long at = (long) r * n * Float.BYTES;
            if (adds) {
                add(x + at, (int) key, (int) (key >>> 32), y + at);
            } else {
                copy(x + at, (int) key, (int) (key >>> 32), y + at);
            }
        }
    }

    private void copy(long x, int low, int high, long y) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            IntVector kept = Lanes.load(x + at).mul(factor).reinterpretAsInts().and(kept(i, low, high));
            Lanes.store(kept.reinterpretAsFloats(), y + at);
        }
        for (int i = whole; i < n; i++) {
            Lanes.set(y + (long) i * Float.BYTES, product(x, i, low, high));
        }
    }

    private void add(long x, int low, int high, long y) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            IntVector kept = Lanes.load(x + at).mul(factor).reinterpretAsInts().and(kept(i, low, high));
            Lanes.store(kept.reinterpretAsFloats().add(Lanes.load(y + at)), y + at);
        }
        for (int i = whole; i < n; i++) {
            long at = y + (long) i * Float.BYTES;
            Lanes.set(at, Lanes.get(at) + product(x, i, low, high));
        }
    }

    private float product(long x, int i, int low, int high) {
        boolean keeps = DropoutHash.keeps((long) high << 32 | low & 0xffffffffL, i, threshold);
        return keeps ? Lanes.get(x + (long) i * Float.BYTES) * factor : 0;
    }

    /** All bits of the columns that are kept; a mask would be boxed on its way to another type of lanes. */
    private IntVector kept(int column, int low, int high) {
        IntVector h = mixed(STEPS.add(column * DropoutHash.STEP + low));
        return mixed(h.add(high))
                .lanewise(VectorOperators.LSHR, 8)
                .sub(threshold)
                .lanewise(VectorOperators.ASHR, 31)
                .not();
    }

    private static IntVector mixed(IntVector h) {
        IntVector a = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
                .mul(DropoutHash.MIX_1);
        IntVector b = a.lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.LSHR, 15))
                .mul(DropoutHash.MIX_2);
        return b.lanewise(VectorOperators.XOR, b.lanewise(VectorOperators.LSHR, 15));
    }
}
