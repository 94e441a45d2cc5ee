// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Matrix products on register tiles: C [rows, columns] = A·B, or += where C continues. The depth is cut into blocks of
 * {@link #DEPTH} that continue each other's sums, so each element stays one chain in the order of the depth. A task is
 * a block of rows times some panels of columns; which tasks there are depends on the number of threads, what an element
 * is does not.
 *
 * <p>A block of A ({@code [rows][DEPTH]}, or groups of rows where A is transposed; in the second-level cache) and
 * a panel of B ({@code [DEPTH][WIDTH]}, in the first) are copied into the arrays that the tiles read. Few rows are not
 * worth the copy of B: then the tiles read it where it lies.
 */
final class Gemm implements Threads.Panels {
    /** Depth of a block; a multiple of {@link GemmTiles#WIDTH}. */
    static final int DEPTH = 256;

    /** Most rows of a task. */
    static final int BLOCK_ROWS = 264;

    /** Most rows for which B is not copied. */
    private static final int STREAM_ROWS = 32;

    /** Row stride of a block of A: not a power of two, or its rows fall on the same cache lines. */
    private static final int LEFT_STRIDE = DEPTH + 16;

    /** Rows that lie side by side in a block of a transposed A, see {@link ColumnTiles}. */
    private static final int GROUP = ColumnTiles.ROWS;

    private static final int GROUP_STRIDE = RowGroups.stride(DEPTH);

    /** Products below this many multiplications are not worth a second thread. */
    private static final long SMALL = 1 << 16;

    private static final int WIDTH = GemmTiles.WIDTH;

    private final Threads threads;
    private final Workspace[] workspaces;

    private int rows;
    private int columns;
    private int depth;
    private long a;
    private long aStride;
    private boolean aTransposed;
    private RightOperand b;
    private long c;
    private long cStride;
    private boolean cPanels;
    private boolean accumulate;
    private long bias;

    private int firstDepth;
    private int endDepth;
    private int taskRows;
    private int taskPanels;
    private int rowTasks;

    Gemm(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        this.workspaces = workspaces;
    }

    /** Sets A: [rows, depth], or [depth, rows] if it is to be transposed; {@code stride} in numbers. */
    Gemm left(long a, int stride, boolean transposed) {
        this.a = a;
        this.aStride = (long) stride * Float.BYTES;
        this.aTransposed = transposed;
        return this;
    }

    Gemm right(RightOperand b) {
        this.b = b;
        return this;
    }

    Gemm size(int rows, int columns, int depth) {
        this.rows = rows;
        this.columns = columns;
        this.depth = depth;
        return this;
    }

    /**
     * Writes rows of C, {@code stride} numbers apart.
     *
     * @param bias address of a row of numbers that the sums begin with; 0 for sums that begin at 0
     */
    void into(long c, int stride, long bias) {
        run(c, stride, false, false, bias);
    }

    /** Adds to rows of C, {@code stride} numbers apart. */
    void addTo(long c, int stride) {
        run(c, stride, false, true, 0);
    }

    /** Adds to C in panels: [columns / WIDTH][rows][WIDTH]. */
    void addToPanels(long c) {
        run(c, WIDTH, true, true, 0);
    }

    private void run(long c, int stride, boolean panels, boolean accumulate, long bias) {
        this.c = c;
        this.cStride = (long) stride * Float.BYTES;
        this.cPanels = panels;
        this.accumulate = accumulate;
        this.bias = bias;
        if (rows == 0) {
            return;
        }
        int tasks = cut();
        int atOnce = b.depthAtOnce(depth);
        for (firstDepth = 0; firstDepth < depth; firstDepth = endDepth) {
            endDepth = Math.min(depth, firstDepth + atOnce);
            b.prepare(firstDepth, endDepth - firstDepth);
            threads.run(this, tasks);
        }
    }

    /** Cuts the work into tasks; returns how many. */
    private int cut() {
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
        return rowTasks * Math.ceilDiv(panels, taskPanels);
    }

    @Override
    public void panel(int index, int worker) {
        int firstRow = index % rowTasks * taskRows;
        int firstColumn = index / rowTasks * taskPanels * WIDTH;
        int endColumn = Math.min(columns, firstColumn + taskPanels * WIDTH);
        int taken = Math.min(taskRows, rows - firstRow);
        Workspace workspace = workspaces[worker];
        float[] left = workspace.left(Math.ceilDiv(taskRows, GROUP) * Math.max(GROUP_STRIDE, GROUP * LEFT_STRIDE));
        float[] right = workspace.right(DEPTH * WIDTH);
        for (int k = firstDepth; k < endDepth; k += DEPTH) {
            int blockDepth = Math.min(DEPTH, endDepth - k);
            copyLeft(firstRow, taken, k, blockDepth, left);
            for (int column = firstColumn; column < endColumn; column += WIDTH) {
                long inPlace = rows <= STREAM_ROWS && !aTransposed ? b.inPlace(k, column) : 0;
                if (inPlace == 0) {
                    b.copy(k, blockDepth, column, right);
                }
                multiply(workspace, firstRow, taken, column, k, blockDepth, left, right, inPlace);
            }
        }
    }

    private void copyLeft(int firstRow, int taken, int k, int blockDepth, float[] left) {
        if (aTransposed) {
            long from = a + k * aStride + (long) firstRow * Float.BYTES;
            for (int i = 0; i < blockDepth; i++) {
                RowGroups.spread(from + i * aStride, taken, left, i * GROUP, GROUP_STRIDE);
            }
            return;
        }
        long from = a + firstRow * aStride + (long) k * Float.BYTES;
        for (int r = 0; r < taken; r++) {
            Lanes.copy(from + r * aStride, left, r * LEFT_STRIDE, blockDepth);
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
            float[] right,
            long inPlace) {
        long target = cPanels
                ? c + ((long) column * rows + (long) firstRow * WIDTH) * Float.BYTES
                : c + firstRow * cStride + (long) column * Float.BYTES;
        boolean begins = k == 0 && !accumulate;
        int width = cPanels ? WIDTH : Math.min(WIDTH, columns - column);
        if (width == WIDTH) {
            long source = begins ? start(workspace, column, width) : target;
            tiles(taken, blockDepth, left, right, inPlace, source, begins ? 0 : cStride, target, cStride);
            return;
        }
        long edge = workspace.edge;
        long edgeStride = (long) WIDTH * Float.BYTES;
        for (int r = 0; r < taken && !begins; r++) {
            Lanes.copy(target + r * cStride, edge + r * edgeStride, width);
        }
        long source = begins ? start(workspace, column, width) : edge;
        tiles(taken, blockDepth, left, right, inPlace, source, begins ? 0 : edgeStride, edge, edgeStride);
        for (int r = 0; r < taken; r++) {
            Lanes.copy(edge + r * edgeStride, target + r * cStride, width);
        }
    }

    /** Address of what the sums of these columns begin with. */
    private long start(Workspace workspace, int column, int width) {
        if (bias == 0) {
            return workspace.zeros;
        }
        long own = bias + (long) column * Float.BYTES;
        return width == WIDTH ? own : Lanes.moved(own, workspace.biasEdge, width);
    }

    private void tiles(
            int taken,
            int blockDepth,
            float[] left,
            float[] right,
            long inPlace,
            long source,
            long sourceStride,
            long target,
            long targetStride) {
        if (aTransposed) {
            ColumnTiles.rows(
                    taken, blockDepth, left, 0, 1, GROUP_STRIDE, right, 0, source, sourceStride, target, targetStride);
        } else if (inPlace == 0) {
            GemmTiles.rows(
                    taken, blockDepth, left, 0, LEFT_STRIDE, right, 0, source, sourceStride, target, targetStride);
        } else if (b.isHalf()) {
            HalfStreamTiles.rows(
                    taken, blockDepth, left, 0, LEFT_STRIDE, inPlace, source, sourceStride, target, targetStride);
        } else {
            StreamTiles.rows(
                    taken, blockDepth, left, 0, LEFT_STRIDE, inPlace, source, sourceStride, target, targetStride);
        }
    }
}
