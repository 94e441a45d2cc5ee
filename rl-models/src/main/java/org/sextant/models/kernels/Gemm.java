// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;

/**
 * Matrix products on {@link GemmTiles}: C [rows, columns] = A·B, or += with {@code accumulate}. The depth is cut into
 * blocks of {@link #DEPTH} that continue each other's sums, so each element stays one chain in the order of the depth.
 * A task is a block of rows times some panels of columns; which tasks there are depends on the number of threads, what
 * an element is does not.
 *
 * <p>A block of A ([rows][DEPTH], in the second-level cache) and a panel of B ([DEPTH][WIDTH], in the first) are copied
 * into the arrays that the tiles read.
 */
final class Gemm implements Threads.Panels {
    private static final int DEPTH = 256;
    /** Most rows of a task. */
    static final int BLOCK_ROWS = 192;

    /** Row stride of a block of A: not a power of two, or its rows fall on the same cache lines. */
    private static final int LEFT_STRIDE = DEPTH + 16;

    /** Stride of a block that waits to be transposed: an odd number of cache lines, for the same reason. */
    private static final int COLUMN_STRIDE = BLOCK_ROWS + 16;

    /** Products below this many multiplications are not worth a second thread. */
    private static final long SMALL = 1 << 16;

    private static final int WIDTH = GemmTiles.WIDTH;

    private final Threads threads;
    private final Workspace[] workspaces;

    private int rows;
    private int columns;
    private int depth;
    private long a;
    private boolean aTransposed;
    private long b;
    private boolean bPacked;
    private long c;
    private boolean accumulate;

    private int taskRows;
    private int taskPanels;
    private int rowTasks;

    Gemm(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        this.workspaces = workspaces;
    }

    /** Sets the result. */
    Gemm result(long c, int rows, int columns, int depth, boolean accumulate) {
        this.c = c;
        this.rows = rows;
        this.columns = columns;
        this.depth = depth;
        this.accumulate = accumulate;
        return this;
    }

    /** Sets A: [rows, depth], or [depth, rows] if it is to be transposed. */
    Gemm left(long a, boolean transposed) {
        this.a = a;
        this.aTransposed = transposed;
        return this;
    }

    /** Sets B: [depth, columns], or packed by {@link WeightPacking} as {@code [columns / WIDTH][depth][WIDTH]}. */
    Gemm right(long b, boolean packed) {
        this.b = b;
        this.bPacked = packed;
        return this;
    }

    void run() {
        if (rows == 0) {
            return;
        }
        int panels = Math.ceilDiv(columns, WIDTH);
        boolean small = (long) rows * columns * depth < SMALL;
        int wanted = small || threads.count() == 1 ? 1 : 4 * threads.count();
        int blocks = Math.ceilDiv(rows, BLOCK_ROWS);
        if (blocks < wanted && rows >= wanted * 8 * GemmTiles.ROWS) {
            blocks = wanted;
        }
        taskRows = Math.ceilDiv(Math.ceilDiv(rows, blocks), GemmTiles.ROWS) * GemmTiles.ROWS;
        rowTasks = Math.ceilDiv(rows, taskRows);
        taskPanels = Math.ceilDiv(panels, Math.max(1, wanted / rowTasks));
        threads.run(this, rowTasks * Math.ceilDiv(panels, taskPanels));
    }

    @Override
    public void panel(int index, int worker) {
        int firstRow = index % rowTasks * taskRows;
        int firstColumn = index / rowTasks * taskPanels * WIDTH;
        int endColumn = Math.min(columns, firstColumn + taskPanels * WIDTH);
        int taken = Math.min(taskRows, rows - firstRow);
        Workspace workspace = workspaces[worker];
        float[] left = workspace.left(taskRows * LEFT_STRIDE);
        float[] right = workspace.right(DEPTH * WIDTH);
        for (int k = 0; k < depth; k += DEPTH) {
            int blockDepth = Math.min(DEPTH, depth - k);
            copyLeft(workspace, firstRow, taken, k, blockDepth, left);
            for (int column = firstColumn; column < endColumn; column += WIDTH) {
                copyRight(k, blockDepth, column, right);
                multiply(workspace, firstRow, taken, column, k, blockDepth, left, right);
            }
        }
    }

    private void multiply(
            Workspace workspace,
            int firstRow,
            int taken,
            int column,
            int k,
            int blockDepth,
            float[] left,
            float[] right) {
        long target = c + ((long) firstRow * columns + column) * Float.BYTES;
        long stride = (long) columns * Float.BYTES;
        boolean fromZero = k == 0 && !accumulate;
        int width = Math.min(WIDTH, columns - column);
        if (width == WIDTH) {
            GemmTiles.rows(
                    taken,
                    blockDepth,
                    left,
                    0,
                    LEFT_STRIDE,
                    right,
                    0,
                    fromZero ? workspace.zeros : target,
                    fromZero ? 0 : stride,
                    target,
                    stride);
            return;
        }
        long edgeStride = (long) WIDTH * Float.BYTES;
        for (int r = 0; r < taken && !fromZero; r++) {
            Lanes.copy(target + r * stride, workspace.edge + r * edgeStride, width);
        }
        GemmTiles.rows(
                taken,
                blockDepth,
                left,
                0,
                LEFT_STRIDE,
                right,
                0,
                fromZero ? workspace.zeros : workspace.edge,
                fromZero ? 0 : edgeStride,
                workspace.edge,
                edgeStride);
        for (int r = 0; r < taken; r++) {
            Lanes.copy(workspace.edge + r * edgeStride, target + r * stride, width);
        }
    }

    private void copyLeft(Workspace workspace, int firstRow, int taken, int k, int blockDepth, float[] left) {
        if (aTransposed) {
            float[] columns = workspace.columns(DEPTH * COLUMN_STRIDE);
            for (int i = 0; i < blockDepth; i++) {
                Lanes.copy(a + ((long) (k + i) * rows + firstRow) * Float.BYTES, columns, i * COLUMN_STRIDE, taken);
            }
            for (int r = 0; r < taken; r++) {
                gather(columns, r, blockDepth, left, r * LEFT_STRIDE);
            }
            return;
        }
        for (int r = 0; r < taken; r++) {
            Lanes.copy(a + ((long) (firstRow + r) * depth + k) * Float.BYTES, left, r * LEFT_STRIDE, blockDepth);
        }
    }

    private static void gather(float[] columns, int from, int depth, float[] left, int to) {
        for (int i = 0; i < depth; i++) {
            left[to + i] = columns[from + i * COLUMN_STRIDE];
        }
    }

    private void copyRight(int k, int blockDepth, int column, float[] right) {
        if (bPacked) {
            Lanes.copy(b + ((long) column * depth + (long) k * WIDTH) * Float.BYTES, right, 0, blockDepth * WIDTH);
            return;
        }
        long from = b + ((long) k * columns + column) * Float.BYTES;
        if (columns - column >= WIDTH) {
            copyStrip(from, blockDepth, right);
            return;
        }
        int width = columns - column;
        Arrays.fill(right, 0, blockDepth * WIDTH, 0);
        for (int i = 0; i < blockDepth; i++) {
            Lanes.copy(from + (long) i * columns * Float.BYTES, right, i * WIDTH, width);
        }
    }

    private void copyStrip(long from, int blockDepth, float[] right) {
        long stride = (long) columns * Float.BYTES;
        for (int i = 0; i < blockDepth; i++) {
            Lanes.load(from + i * stride).intoArray(right, i * WIDTH);
            Lanes.load(from + i * stride + Lanes.BYTES).intoArray(right, i * WIDTH + Lanes.COUNT);
        }
    }
}
