// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Scratch memory of one thread, grown to the largest size seen and then reused. Operands of {@link GemmTiles} are Java
 * arrays, everything else lies in the arena of the kernels.
 */
final class Workspace {
    private final VectorArena arena;
    private float[] left = new float[0];
    private float[] right = new float[0];
    private long scratch;
    private long scratchFloats;

    /** A row of zeros, where sums begin. */
    final long zeros;

    /** A row of a bias that ends inside a panel. */
    final long biasEdge;

    /** {@code [BLOCK_ROWS][WIDTH]}: the columns of a result that ends inside a panel. */
    final long edge;

    Workspace(VectorArena arena) {
        this.arena = arena;
        this.zeros = arena.reserve("zeros", (long) GemmTiles.WIDTH * Float.BYTES);
        this.biasEdge = arena.reserve("end of a bias", (long) GemmTiles.WIDTH * Float.BYTES);
        this.edge = arena.reserve("edge of products", (long) Gemm.BLOCK_ROWS * GemmTiles.WIDTH * Float.BYTES);
    }

    /** Left operand of tiles; contents undefined. */
    float[] left(int floats) {
        if (left.length < floats) {
            left = new float[grown(floats)];
        }
        return left;
    }

    /** Right operand of tiles; contents undefined. */
    float[] right(int floats) {
        if (right.length < floats) {
            right = new float[grown(floats)];
        }
        return right;
    }

    /** Address of memory with undefined contents, valid until the next call of this thread. */
    long scratch(long floats) {
        if (scratchFloats < floats) {
            scratchFloats = Math.max(floats, 2 * scratchFloats);
            scratch = arena.reserve("scratch of a thread", scratchFloats * Float.BYTES);
        }
        return scratch;
    }

    private static int grown(int floats) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(floats, floats * 5L / 4));
    }
}
