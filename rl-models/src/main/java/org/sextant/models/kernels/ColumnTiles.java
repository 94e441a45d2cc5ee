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
 * Tiles as in {@link GemmTiles} for a transposed A, whose depth lies row by row: groups of {@link #ROWS} rows of the
 * product side by side, {@code [rows / ROWS][depth][ROWS]}, so that a tile reads A from one place after the other.
 */
final class ColumnTiles {
    /** Rows of a group, and of the largest tile. */
    static final int ROWS = GemmTiles.ROWS;

    private static final int WIDTH = GemmTiles.WIDTH;

    private static MethodHandle tile8 = OutOfLine.handle(MethodHandles.lookup(), "tile8");
    private static MethodHandle tile6 = OutOfLine.handle(MethodHandles.lookup(), "tile6");
    private static MethodHandle tile4 = OutOfLine.handle(MethodHandles.lookup(), "tile4");
    private static MethodHandle tile2 = OutOfLine.handle(MethodHandles.lookup(), "tile2");
    private static MethodHandle tile1 = OutOfLine.handle(MethodHandles.lookup(), "tile1");

    private ColumnTiles() {}

    /**
     * As {@link GemmTiles#rows}.
     *
     * @param aStride from a row of A to the next: 1, but a variable, for the reason given there
     * @param groupStride from a group of rows to the next
     */
    static void rows(
            int rows,
            int depth,
            float[] a,
            int aAt,
            int aStride,
            int groupStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        try {
            for (int done = 0; done < rows; ) {
                int left = rows - done;
                int height = left >= ROWS ? ROWS : Math.min(Integer.highestOneBit(left), 4);
                int tiles = height == ROWS ? left / ROWS : 1;
                int aFrom = aAt + done / ROWS * groupStride + done % ROWS;
                long from = source + done * sourceStride;
                long to = target + done * targetStride;
                tile(height)
                        .invokeExact(
                                tiles,
                                depth,
                                a,
                                aFrom,
                                aStride,
                                groupStride,
                                b,
                                bAt,
                                from,
                                sourceStride,
                                to,
                                targetStride);
                done += tiles * height;
            }
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
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
            int groupStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        for (int t = 0; t < tiles; t++) {
            int at = aAt + t * groupStride;
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
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k * ROWS]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k * ROWS]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k * ROWS]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k * ROWS]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                x = FloatVector.broadcast(SPECIES, a[at + 4 * aStride + k * ROWS]);
                c40 = x.fma(b0, c40);
                c41 = x.fma(b1, c41);
                x = FloatVector.broadcast(SPECIES, a[at + 5 * aStride + k * ROWS]);
                c50 = x.fma(b0, c50);
                c51 = x.fma(b1, c51);
                x = FloatVector.broadcast(SPECIES, a[at + 6 * aStride + k * ROWS]);
                c60 = x.fma(b0, c60);
                c61 = x.fma(b1, c61);
                x = FloatVector.broadcast(SPECIES, a[at + 7 * aStride + k * ROWS]);
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
            int groupStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        for (int t = 0; t < tiles; t++) {
            int at = aAt + t * groupStride;
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
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k * ROWS]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k * ROWS]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k * ROWS]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k * ROWS]);
                c30 = x.fma(b0, c30);
                c31 = x.fma(b1, c31);
                x = FloatVector.broadcast(SPECIES, a[at + 4 * aStride + k * ROWS]);
                c40 = x.fma(b0, c40);
                c41 = x.fma(b1, c41);
                x = FloatVector.broadcast(SPECIES, a[at + 5 * aStride + k * ROWS]);
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
            int groupStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        for (int t = 0; t < tiles; t++) {
            int at = aAt + t * groupStride;
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
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k * ROWS]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k * ROWS]);
                c10 = x.fma(b0, c10);
                c11 = x.fma(b1, c11);
                x = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k * ROWS]);
                c20 = x.fma(b0, c20);
                c21 = x.fma(b1, c21);
                x = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k * ROWS]);
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
            int groupStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        for (int t = 0; t < tiles; t++) {
            int at = aAt + t * groupStride;
            long from = source + 2 * t * sourceStride;
            long to = target + 2 * t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            FloatVector c10 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride, ORDER);
            FloatVector c11 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + sourceStride + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k * ROWS]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
                x = FloatVector.broadcast(SPECIES, a[at + aStride + k * ROWS]);
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
            int groupStride,
            float[] b,
            int bAt,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        for (int t = 0; t < tiles; t++) {
            int at = aAt + t * groupStride;
            long from = source + t * sourceStride;
            long to = target + t * targetStride;
            FloatVector c00 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector c01 = FloatVector.fromMemorySegment(SPECIES, MEMORY, from + BYTES, ORDER);
            for (int k = 0; k < depth; k++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * WIDTH + COUNT);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k * ROWS]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
        }
    }
}
