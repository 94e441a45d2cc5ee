// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.sextant.models.kernels.Lanes.BYTES;
import static org.sextant.models.kernels.Lanes.MEMORY;
import static org.sextant.models.kernels.Lanes.ORDER;
import static org.sextant.models.kernels.Lanes.SPECIES;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;

/**
 * Tiles as in {@link GemmTiles} that read B from memory: for so few rows that copying a panel first would cost more than
 * the bounds checks. A weight that does not fit the cache then streams by at the speed of the memory.
 */
final class StreamTiles {
    private static final long ROW_BYTES = GemmTiles.WIDTH * Float.BYTES;

    private static MethodHandle tile4 = OutOfLine.handle(MethodHandles.lookup(), "tile4");
    private static MethodHandle tile2 = OutOfLine.handle(MethodHandles.lookup(), "tile2");
    private static MethodHandle tile1 = OutOfLine.handle(MethodHandles.lookup(), "tile1");

    private StreamTiles() {}

    /** As {@link GemmTiles#rows}, with the address of B. */
    static void rows(
            int rows,
            int depth,
            float[] a,
            int aAt,
            int aStride,
            long b,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        try {
            for (int done = 0; done < rows; ) {
                int height = Math.min(Integer.highestOneBit(rows - done), 4);
                int tiles = (rows - done) / height;
                int aFrom = aAt + done * aStride;
                long from = source + done * sourceStride;
                long to = target + done * targetStride;
                tile(height).invokeExact(tiles, depth, a, aFrom, aStride, b, from, sourceStride, to, targetStride);
                done += tiles * height;
            }
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    private static MethodHandle tile(int height) {
        return switch (height) {
            case 4 -> tile4;
            case 2 -> tile2;
            default -> tile1;
        };
    }

    private static void tile4(
            int tiles,
            int depth,
            float[] a,
            int aAt,
            int aStride,
            long b,
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
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + k * ROW_BYTES, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + k * ROW_BYTES + BYTES, ORDER);
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
            long b,
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
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + k * ROW_BYTES, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + k * ROW_BYTES + BYTES, ORDER);
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
            long b,
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
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + k * ROW_BYTES, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, b + k * ROW_BYTES + BYTES, ORDER);
                FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
                c00 = x.fma(b0, c00);
                c01 = x.fma(b1, c01);
            }
            c00.intoMemorySegment(MEMORY, to, ORDER);
            c01.intoMemorySegment(MEMORY, to + BYTES, ORDER);
        }
    }
}
