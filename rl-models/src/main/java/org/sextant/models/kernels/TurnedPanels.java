// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * w [out, in] as the right operand of {@code dy·w}. Panels hold outputs side by side, this product wants inputs side by
 * side: they are turned, some outputs at a time so that no second copy of a large weight is made, into
 * {@code [in / WIDTH][outputs][WIDTH]}, zero past the last input.
 */
final class TurnedPanels implements RightOperand, Threads.Panels {
    private static final int WIDTH = GemmTiles.WIDTH;

    /** Numbers turned at once, about: they stay in the third-level cache. */
    private static final int AT_ONCE = 1 << 20;

    private final Threads threads;
    private final Workspace[] workspaces;
    private final VectorArena arena;
    private VectorWeight w;
    private int first;
    private int outputs;
    private long turned;
    private long turnedFloats;

    TurnedPanels(Threads threads, Workspace[] workspaces, VectorArena arena) {
        this.threads = threads;
        this.workspaces = workspaces;
        this.arena = arena;
    }

    TurnedPanels of(VectorWeight w) {
        this.w = w;
        return this;
    }

    private int panels() {
        return Math.ceilDiv(w.columns(), WIDTH);
    }

    @Override
    public int depthAtOnce(int depth) {
        return Math.max(1, AT_ONCE / (panels() * WIDTH) / Gemm.DEPTH) * Gemm.DEPTH;
    }

    @Override
    public void prepare(int k, int depth) {
        first = k;
        outputs = depth;
        long floats = (long) panels() * WIDTH * depth;
        if (turnedFloats < floats) {
            turned = arena.reserve("panels turned", floats * Float.BYTES);
            turnedFloats = floats;
        }
        threads.run(this, panels());
    }

    private long target(int k, int column) {
        return turned + ((long) column * outputs + (long) (k - first) * WIDTH) * Float.BYTES;
    }

    @Override
    public void panel(int index, int worker) {
        int column = index * WIDTH;
        int inputs = Math.min(WIDTH, w.columns() - column);
        float[] block = workspaces[worker].left(WIDTH * WIDTH);
        float[] turnedBlock = workspaces[worker].right(WIDTH * WIDTH);
        for (int o = 0; o < outputs; o += WIDTH) {
            RightOperands.copyPanel(w, first + o, column, inputs, block);
            turn(block, inputs, turnedBlock);
            int count = Math.min(WIDTH, outputs - o) * WIDTH;
            Lanes.copy(turnedBlock, 0, target(first + o, column), count);
        }
    }

    /** From {@code [inputs][WIDTH]} to {@code [WIDTH][WIDTH]}. */
    private static void turn(float[] from, int inputs, float[] to) {
        for (int o = 0; o < WIDTH; o++) {
            for (int i = 0; i < inputs; i++) {
                to[o * WIDTH + i] = from[i * WIDTH + o];
            }
            for (int i = inputs; i < WIDTH; i++) {
                to[o * WIDTH + i] = 0;
            }
        }
    }

    @Override
    public void copy(int k, int depth, int column, float[] right) {
        Lanes.copy(target(k, column), right, 0, depth * WIDTH);
    }
}
