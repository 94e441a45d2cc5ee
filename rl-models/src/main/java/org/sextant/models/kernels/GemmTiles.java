// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of a matrix product: {@code target = source + A·B} for a few rows and {@link #WIDTH} columns. Every
 * element is one chain of fused multiply-adds over the depth in ascending order that begins with the element of
 * {@code source}, whatever the number of rows in the tile: so splitting rows into tiles, or the depth into blocks that
 * continue each other, changes no bit.
 *
 * <p>One method for each number of rows, accumulators initialised once and no vector across a branch: vectors that meet
 * at a branch are boxed. A (rows by broadcast) and B (one panel, {@code [depth][WIDTH]}) are Java arrays because the
 * compiler removes their bounds checks from the loop, which it does not do for memory segments (measured: 90 % of the
 * peak against 60 %); the row stride of A is a variable because with constant offsets the compiler hoists broadcasts
 * until an accumulator is spilled.
 */
final class GemmTiles {
    /** Columns of a tile: two vectors. */
    static final int WIDTH = 2 * Lanes.COUNT;

    /** Rows of the largest tile: 16 registers hold 6 × 2 accumulators, 32 registers hold 8 × 2. */
    static final int ROWS = Lanes.COUNT == 8 ? 6 : 8;

    private static MethodHandle outOfLine = OutOfLine.handle(MethodHandles.lookup(), "tiles");

    private GemmTiles() {}

    /**
     * Any number of rows, in tiles of as equal speed as possible.
     *
     * @param a rows at {@code aAt + row · aStride}
     * @param source address of the first element of the sums' start; a stride of 0 on a row of zeros starts at zero
     * @param sourceStride bytes between rows, like {@code targetStride}
     */
    static void rows(
            int rows,
            int depth,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        try {
            outOfLine.invokeExact(rows, depth, a, aAt, aStride, b, bAt, source, sourceStride, target, targetStride);
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    private static void tiles(
            int rows,
            int depth,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        int done = 0;
        while (done < rows) {
            int take = tileRows(rows - done);
            int at = aAt + done * aStride;
            long from = source + done * sourceStride;
            long to = target + done * targetStride;
            switch (take) {
                case 1 -> tile1(depth, a, at, b, bAt, from, to);
                case 2 -> tile2(depth, a, at, aStride, b, bAt, from, sourceStride, to, targetStride);
                case 4 -> tile4(depth, a, at, aStride, b, bAt, from, sourceStride, to, targetStride);
                case 6 -> tile6(depth, a, at, aStride, b, bAt, from, sourceStride, to, targetStride);
                default -> tile8(depth, a, at, aStride, b, bAt, from, sourceStride, to, targetStride);
            }
            done += take;
        }
    }

    /**
     * Few sizes: the small ones are inlined into {@link #tiles}, and together must stay within what the compiler
     * inlines.
     */
    private static int tileRows(int left) {
        if (left >= ROWS && !(ROWS == 6 && left == 8)) {
            return ROWS;
        }
        return left >= 6 && ROWS == 8 ? 6 : left >= 4 ? 4 : Math.min(left, 2);
    }

    private static void tile1(int depth, float[] a, int aAt, float[] b, int bAt, long source, long target) {
        FloatVector c00 = Lanes.load(source);
        FloatVector c01 = Lanes.load(source + Lanes.BYTES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH);
            FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH + Lanes.COUNT);
            FloatVector x = Lanes.broadcast(a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
        }
        Lanes.store(c00, target);
        Lanes.store(c01, target + Lanes.BYTES);
    }

    private static void tile2(
            int depth,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        FloatVector c00 = Lanes.load(source);
        FloatVector c01 = Lanes.load(source + Lanes.BYTES);
        FloatVector c10 = Lanes.load(source + sourceStride);
        FloatVector c11 = Lanes.load(source + sourceStride + Lanes.BYTES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH);
            FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH + Lanes.COUNT);
            FloatVector x = Lanes.broadcast(a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = Lanes.broadcast(a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
        }
        Lanes.store(c00, target);
        Lanes.store(c01, target + Lanes.BYTES);
        Lanes.store(c10, target + targetStride);
        Lanes.store(c11, target + targetStride + Lanes.BYTES);
    }

    private static void tile4(
            int depth,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        FloatVector c00 = Lanes.load(source);
        FloatVector c01 = Lanes.load(source + Lanes.BYTES);
        FloatVector c10 = Lanes.load(source + sourceStride);
        FloatVector c11 = Lanes.load(source + sourceStride + Lanes.BYTES);
        FloatVector c20 = Lanes.load(source + 2 * sourceStride);
        FloatVector c21 = Lanes.load(source + 2 * sourceStride + Lanes.BYTES);
        FloatVector c30 = Lanes.load(source + 3 * sourceStride);
        FloatVector c31 = Lanes.load(source + 3 * sourceStride + Lanes.BYTES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH);
            FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH + Lanes.COUNT);
            FloatVector x = Lanes.broadcast(a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = Lanes.broadcast(a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = Lanes.broadcast(a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = Lanes.broadcast(a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        Lanes.store(c00, target);
        Lanes.store(c01, target + Lanes.BYTES);
        Lanes.store(c10, target + targetStride);
        Lanes.store(c11, target + targetStride + Lanes.BYTES);
        Lanes.store(c20, target + 2 * targetStride);
        Lanes.store(c21, target + 2 * targetStride + Lanes.BYTES);
        Lanes.store(c30, target + 3 * targetStride);
        Lanes.store(c31, target + 3 * targetStride + Lanes.BYTES);
    }

    private static void tile6(
            int depth,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        FloatVector c00 = Lanes.load(source);
        FloatVector c01 = Lanes.load(source + Lanes.BYTES);
        FloatVector c10 = Lanes.load(source + sourceStride);
        FloatVector c11 = Lanes.load(source + sourceStride + Lanes.BYTES);
        FloatVector c20 = Lanes.load(source + 2 * sourceStride);
        FloatVector c21 = Lanes.load(source + 2 * sourceStride + Lanes.BYTES);
        FloatVector c30 = Lanes.load(source + 3 * sourceStride);
        FloatVector c31 = Lanes.load(source + 3 * sourceStride + Lanes.BYTES);
        FloatVector c40 = Lanes.load(source + 4 * sourceStride);
        FloatVector c41 = Lanes.load(source + 4 * sourceStride + Lanes.BYTES);
        FloatVector c50 = Lanes.load(source + 5 * sourceStride);
        FloatVector c51 = Lanes.load(source + 5 * sourceStride + Lanes.BYTES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH);
            FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH + Lanes.COUNT);
            FloatVector x = Lanes.broadcast(a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = Lanes.broadcast(a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = Lanes.broadcast(a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = Lanes.broadcast(a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = Lanes.broadcast(a[aAt + 4 * aStride + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = Lanes.broadcast(a[aAt + 5 * aStride + k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        Lanes.store(c00, target);
        Lanes.store(c01, target + Lanes.BYTES);
        Lanes.store(c10, target + targetStride);
        Lanes.store(c11, target + targetStride + Lanes.BYTES);
        Lanes.store(c20, target + 2 * targetStride);
        Lanes.store(c21, target + 2 * targetStride + Lanes.BYTES);
        Lanes.store(c30, target + 3 * targetStride);
        Lanes.store(c31, target + 3 * targetStride + Lanes.BYTES);
        Lanes.store(c40, target + 4 * targetStride);
        Lanes.store(c41, target + 4 * targetStride + Lanes.BYTES);
        Lanes.store(c50, target + 5 * targetStride);
        Lanes.store(c51, target + 5 * targetStride + Lanes.BYTES);
    }

    private static void tile8(
            int depth,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        FloatVector c00 = Lanes.load(source);
        FloatVector c01 = Lanes.load(source + Lanes.BYTES);
        FloatVector c10 = Lanes.load(source + sourceStride);
        FloatVector c11 = Lanes.load(source + sourceStride + Lanes.BYTES);
        FloatVector c20 = Lanes.load(source + 2 * sourceStride);
        FloatVector c21 = Lanes.load(source + 2 * sourceStride + Lanes.BYTES);
        FloatVector c30 = Lanes.load(source + 3 * sourceStride);
        FloatVector c31 = Lanes.load(source + 3 * sourceStride + Lanes.BYTES);
        FloatVector c40 = Lanes.load(source + 4 * sourceStride);
        FloatVector c41 = Lanes.load(source + 4 * sourceStride + Lanes.BYTES);
        FloatVector c50 = Lanes.load(source + 5 * sourceStride);
        FloatVector c51 = Lanes.load(source + 5 * sourceStride + Lanes.BYTES);
        FloatVector c60 = Lanes.load(source + 6 * sourceStride);
        FloatVector c61 = Lanes.load(source + 6 * sourceStride + Lanes.BYTES);
        FloatVector c70 = Lanes.load(source + 7 * sourceStride);
        FloatVector c71 = Lanes.load(source + 7 * sourceStride + Lanes.BYTES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH);
            FloatVector b1 = FloatVector.fromArray(Lanes.SPECIES, b, bAt + k * WIDTH + Lanes.COUNT);
            FloatVector x = Lanes.broadcast(a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = Lanes.broadcast(a[aAt + aStride + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = Lanes.broadcast(a[aAt + 2 * aStride + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = Lanes.broadcast(a[aAt + 3 * aStride + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = Lanes.broadcast(a[aAt + 4 * aStride + k]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = Lanes.broadcast(a[aAt + 5 * aStride + k]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
            x = Lanes.broadcast(a[aAt + 6 * aStride + k]);
            c60 = x.fma(b0, c60);
            c61 = x.fma(b1, c61);
            x = Lanes.broadcast(a[aAt + 7 * aStride + k]);
            c70 = x.fma(b0, c70);
            c71 = x.fma(b1, c71);
        }
        Lanes.store(c00, target);
        Lanes.store(c01, target + Lanes.BYTES);
        Lanes.store(c10, target + targetStride);
        Lanes.store(c11, target + targetStride + Lanes.BYTES);
        Lanes.store(c20, target + 2 * targetStride);
        Lanes.store(c21, target + 2 * targetStride + Lanes.BYTES);
        Lanes.store(c30, target + 3 * targetStride);
        Lanes.store(c31, target + 3 * targetStride + Lanes.BYTES);
        Lanes.store(c40, target + 4 * targetStride);
        Lanes.store(c41, target + 4 * targetStride + Lanes.BYTES);
        Lanes.store(c50, target + 5 * targetStride);
        Lanes.store(c51, target + 5 * targetStride + Lanes.BYTES);
        Lanes.store(c60, target + 6 * targetStride);
        Lanes.store(c61, target + 6 * targetStride + Lanes.BYTES);
        Lanes.store(c70, target + 7 * targetStride);
        Lanes.store(c71, target + 7 * targetStride + Lanes.BYTES);
    }
}
