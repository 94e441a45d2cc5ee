// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.sextant.models.kernels.Lanes.BYTES;
import static org.sextant.models.kernels.Lanes.COUNT;
import static org.sextant.models.kernels.Lanes.MEMORY;
import static org.sextant.models.kernels.Lanes.ORDER;
import static org.sextant.models.kernels.Lanes.SPECIES;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of a matrix product: {@code target = source + A·B} for a few rows and {@link #WIDTH} columns. Every
 * element is one chain of fused multiply-adds over the depth in ascending order that begins with the element of
 * {@code source}, whatever the number of rows in the tile: so splitting rows into tiles, or the depth into blocks that
 * continue each other, changes no bit.
 *
 * <p>One method for each number of rows, compiled alone, accumulators initialised once, no vector across a branch, where vectors
 * that meet are boxed, and no method of our own in between: the compiler inlines those of vectors always, ours while the
 * method is small. A (rows by broadcast) and B (one panel, {@code [depth][WIDTH]}) are Java
 * arrays because the compiler removes their bounds checks from the loop, which it does not do for memory segments
 * (measured: 90 % of the peak against 60 %); the row stride of A is a variable because with constant offsets the
 * compiler hoists broadcasts until an accumulator is spilled.
 */
final class GemmTiles {
    /** Columns of a tile: two vectors. */
    static final int WIDTH = 2 * Lanes.COUNT;

    /** Rows of the largest tile: 16 registers hold 6 × 2 accumulators, 32 registers hold 8 × 2. */
    static final int ROWS = Lanes.COUNT == 8 ? 6 : 8;

    private static MethodHandle tile8 = OutOfLine.handle(MethodHandles.lookup(), "tile8");
    private static MethodHandle tile6 = OutOfLine.handle(MethodHandles.lookup(), "tile6");
    private static MethodHandle tile4 = OutOfLine.handle(MethodHandles.lookup(), "tile4");
    private static MethodHandle tile2 = OutOfLine.handle(MethodHandles.lookup(), "tile2");
    private static MethodHandle tile1 = OutOfLine.handle(MethodHandles.lookup(), "tile1");

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
            for (int done = 0; done < rows; ) {
                int left = rows - done;
                int height = height(left);
                int tiles = height == ROWS && left % ROWS == 2 && ROWS == 6 ? left / ROWS - 1 : left / height;
                int aFrom = aAt + done * aStride;
                long from = source + done * sourceStride;
                long to = target + done * targetStride;
                tile(height).invokeExact(tiles, depth, a, aFrom, aStride, b, bAt, from, sourceStride, to, targetStride);
                done += tiles * height;
            }
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    /** Rows of the next tile; eight rows are two tiles of four where the largest has six. */
    private static int height(int left) {
        if (ROWS == 6 && left == 8) {
            return 4;
        }
        return left >= ROWS ? ROWS : left >= 6 ? 6 : Math.min(Integer.highestOneBit(left), 4);
    }

    private static MethodHandle tile(int height) {
        return switch (height) {
            case 8 -> tile8;
            case 6 -> tile6;
            case 4 -> tile4;
            case 2 -> tile2;
            default -> tile1;
        };
    }

    private static void tile8(
            int tiles,
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
        for (int t = 0; t < tiles; t++) {
            int at = aAt + 8 * t * aStride;
            long from = source + 8 * t * sourceStride;
            long to = target + 8 * t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride, ORDER);
            FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride + BYTES, ORDER);
            FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 2 * sourceStride, ORDER);
            FloatVector c21 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 2 * sourceStride + BYTES, ORDER);
            FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 3 * sourceStride, ORDER);
            FloatVector c31 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 3 * sourceStride + BYTES, ORDER);
            FloatVector c40 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 4 * sourceStride, ORDER);
            FloatVector c41 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 4 * sourceStride + BYTES, ORDER);
            FloatVector c50 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 5 * sourceStride, ORDER);
            FloatVector c51 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 5 * sourceStride + BYTES, ORDER);
            FloatVector c60 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 6 * sourceStride, ORDER);
            FloatVector c61 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 6 * sourceStride + BYTES, ORDER);
            FloatVector c70 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 7 * sourceStride, ORDER);
            FloatVector c71 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 7 * sourceStride + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                x = FloatVector.broadcast(SPECIES, a[at + 4 * aStride + k]);
                c40 = x.fma(b0, c40);
                c41 = x.fma(b1, c41);
                x = FloatVector.broadcast(SPECIES, a[at + 5 * aStride + k]);
                c50 = x.fma(b0, c50);
                c51 = x.fma(b1, c51);
                x = FloatVector.broadcast(SPECIES, a[at + 6 * aStride + k]);
                c60 = x.fma(b0, c60);
                c61 = x.fma(b1, c61);
                x = FloatVector.broadcast(SPECIES, a[at + 7 * aStride + k]);
                c70 = x.fma(b0, c70);
                c71 = x.fma(b1, c71);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
            c10.intoMemorySegment(MEMORY, to + targetStride, ORDER);
            c11.intoMemorySegment(MEMORY, to + targetStride + BYTES, ORDER);
            c20.intoMemorySegment(MEMORY, to + 2 * targetStride, ORDER);
            c21.intoMemorySegment(MEMORY, to + 2 * targetStride + BYTES, ORDER);
            c30.intoMemorySegment(MEMORY, to + 3 * targetStride, ORDER);
            c31.intoMemorySegment(MEMORY, to + 3 * targetStride + BYTES, ORDER);
            c40.intoMemorySegment(MEMORY, to + 4 * targetStride, ORDER);
            c41.intoMemorySegment(MEMORY, to + 4 * targetStride + BYTES, ORDER);
            c50.intoMemorySegment(MEMORY, to + 5 * targetStride, ORDER);
            c51.intoMemorySegment(MEMORY, to + 5 * targetStride + BYTES, ORDER);
            c60.intoMemorySegment(MEMORY, to + 6 * targetStride, ORDER);
            c61.intoMemorySegment(MEMORY, to + 6 * targetStride + BYTES, ORDER);
            c70.intoMemorySegment(MEMORY, to + 7 * targetStride, ORDER);
            c71.intoMemorySegment(MEMORY, to + 7 * targetStride + BYTES, ORDER);
        }
    }

    private static void tile6(
            int tiles,
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
        for (int t = 0; t < tiles; t++) {
            int at = aAt + 6 * t * aStride;
            long from = source + 6 * t * sourceStride;
            long to = target + 6 * t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride, ORDER);
            FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride + BYTES, ORDER);
            FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 2 * sourceStride, ORDER);
            FloatVector c21 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 2 * sourceStride + BYTES, ORDER);
            FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 3 * sourceStride, ORDER);
            FloatVector c31 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 3 * sourceStride + BYTES, ORDER);
            FloatVector c40 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 4 * sourceStride, ORDER);
            FloatVector c41 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 4 * sourceStride + BYTES, ORDER);
            FloatVector c50 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 5 * sourceStride, ORDER);
            FloatVector c51 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 5 * sourceStride + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                x = FloatVector.broadcast(SPECIES, a[at + 4 * aStride + k]);
                c40 = x.fma(b0, c40);
                c41 = x.fma(b1, c41);
                x = FloatVector.broadcast(SPECIES, a[at + 5 * aStride + k]);
                c50 = x.fma(b0, c50);
                c51 = x.fma(b1, c51);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
            c10.intoMemorySegment(MEMORY, to + targetStride, ORDER);
            c11.intoMemorySegment(MEMORY, to + targetStride + BYTES, ORDER);
            c20.intoMemorySegment(MEMORY, to + 2 * targetStride, ORDER);
            c21.intoMemorySegment(MEMORY, to + 2 * targetStride + BYTES, ORDER);
            c30.intoMemorySegment(MEMORY, to + 3 * targetStride, ORDER);
            c31.intoMemorySegment(MEMORY, to + 3 * targetStride + BYTES, ORDER);
            c40.intoMemorySegment(MEMORY, to + 4 * targetStride, ORDER);
            c41.intoMemorySegment(MEMORY, to + 4 * targetStride + BYTES, ORDER);
            c50.intoMemorySegment(MEMORY, to + 5 * targetStride, ORDER);
            c51.intoMemorySegment(MEMORY, to + 5 * targetStride + BYTES, ORDER);
        }
    }

    private static void tile4(
            int tiles,
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
        for (int t = 0; t < tiles; t++) {
            int at = aAt + 4 * t * aStride;
            long from = source + 4 * t * sourceStride;
            long to = target + 4 * t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride, ORDER);
            FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride + BYTES, ORDER);
            FloatVector c20 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 2 * sourceStride, ORDER);
            FloatVector c21 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 2 * sourceStride + BYTES, ORDER);
            FloatVector c30 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 3 * sourceStride, ORDER);
            FloatVector c31 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + 3 * sourceStride + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
            c10.intoMemorySegment(MEMORY, to + targetStride, ORDER);
            c11.intoMemorySegment(MEMORY, to + targetStride + BYTES, ORDER);
            c20.intoMemorySegment(MEMORY, to + 2 * targetStride, ORDER);
            c21.intoMemorySegment(MEMORY, to + 2 * targetStride + BYTES, ORDER);
            c30.intoMemorySegment(MEMORY, to + 3 * targetStride, ORDER);
            c31.intoMemorySegment(MEMORY, to + 3 * targetStride + BYTES, ORDER);
        }
    }

    private static void tile2(
            int tiles,
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
        for (int t = 0; t < tiles; t++) {
            int at = aAt + 2 * t * aStride;
            long from = source + 2 * t * sourceStride;
            long to = target + 2 * t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride, ORDER);
            FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
            c10.intoMemorySegment(MEMORY, to + targetStride, ORDER);
            c11.intoMemorySegment(MEMORY, to + targetStride + BYTES, ORDER);
        }
    }

    private static void tile1(
            int tiles,
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
        for (int t = 0; t < tiles; t++) {
            int at = aAt + t * aStride;
            long from = source + t * sourceStride;
            long to = target + t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
        }
    }
}
