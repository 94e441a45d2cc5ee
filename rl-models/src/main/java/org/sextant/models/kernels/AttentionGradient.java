// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * Gradients of attention for one key/value head of one segment, recomputing the weights P from the stored log of their
 * denominators (Dao et al. 2022, arXiv 2205.14135): with D = rowsum(dO ∘ O), dV = Pᵀ·dO, dS = scale · P ∘ (dO·Vᵀ − D),
 * dQ = dS·K, dK = dSᵀ·Q.
 *
 * <p>Blocks of {@link #TILE} queries meet pages of keys. Left operands lie in the Java array {@code left}, right ones as panels in {@code
 * right}: for each page keys by element ({@code [32 / W][size][W]}, as they are stored), values the same way, and keys by position ({@code
 * [padded / W][32][W]}); for the block queries and gradients of outputs by position. What lies past headSize, or past the
 * positions in use, is never read back.
 */
final class AttentionGradient {
    /** Queries in a block: the positions of a page, so that only blocks on the diagonal are half empty. */
    private static final int TILE = AttentionTask.POSITIONS;

    private static final int WIDTH = AttentionTask.WIDTH;
    private static final int GROUPS = RowGroups.stride(TILE);

    private final AttentionTask task;
    private final Workspace workspace;
    private final float[] logSumExp = new float[TILE];
    private final float[] along = new float[TILE];

    private int size;
    private int padded;
    private int firstRow;
    private int rows;
    private int keyValueHead;
    private int[] table;

    private float[] left;
    private int dOutAt;
    private int dScoresAt;
    private int weightGroups;
    private int dScoreGroups;

    private float[] right;
    private int byElement;
    private int byPosition;
    private int queriesAt;
    private int dOutsAt;

    private long dKeys;
    private long dValues;
    private long dQueries;
    private long scores;
    private long dWeights;

    AttentionGradient(AttentionTask task, Workspace workspace) {
        this.task = task;
        this.workspace = workspace;
    }

    void run(int segment, int keyValueHead, long dOut, long dQkv) {
        this.keyValueHead = keyValueHead;
        table = task.segments.pageTable(segment);
        rows = task.segments.rows(segment);
        firstRow = task.segments.firstRow(segment);
        size = task.headSize;
        padded = task.paddedHead;
        int blocks = Math.ceilDiv(rows, TILE);
        takeMemory(blocks);
        for (int page = 0; page < blocks; page++) {
            prepare(page);
        }
        for (int g = 0; g < task.group; g++) {
            int head = keyValueHead * task.group + g;
            for (int block = 0; block < blocks; block++) {
                queryBlock(head, block, g == 0, dOut, dQkv);
            }
        }
        int keyColumn = (task.heads + keyValueHead) * size;
        int valueColumn = keyColumn + task.pages.keyValueHeads() * size;
        for (int r = 0; r < rows; r++) {
            Lanes.copy(row(dKeys, r), element(dQkv, r, keyColumn), size);
            Lanes.copy(row(dValues, r), element(dQkv, r, valueColumn), size);
        }
    }

    private void takeMemory(int blocks) {
        dOutAt = TILE * size;
        dScoresAt = 2 * TILE * size;
        weightGroups = dScoresAt + TILE * TILE;
        dScoreGroups = weightGroups + RowGroups.size(TILE, TILE);
        left = workspace.left(dScoreGroups + RowGroups.size(TILE, TILE));
        byElement = TILE * size;
        byPosition = TILE * padded;
        queriesAt = blocks * (2 * byElement + byPosition);
        dOutsAt = queriesAt + byPosition;
        right = workspace.right(dOutsAt + byPosition);
        long matrix = (long) blocks * byPosition * Float.BYTES;
        dKeys = workspace.scratch((2L * blocks + 1) * byPosition + 2L * TILE * TILE);
        dValues = dKeys + matrix;
        dQueries = dValues + matrix;
        scores = dQueries + (long) byPosition * Float.BYTES;
        dWeights = scores + (long) TILE * TILE * Float.BYTES;
    }

    private long row(long matrix, int r) {
        return matrix + (long) r * padded * Float.BYTES;
    }

    private long element(long matrix, int r, int column) {
        return matrix + ((long) (firstRow + r) * task.width + column) * Float.BYTES;
    }

    private int keysAt(int page) {
        return page * (2 * byElement + byPosition);
    }

    private int valuesAt(int page) {
        return keysAt(page) + byElement;
    }

    private int keyRowsAt(int page) {
        return keysAt(page) + 2 * byElement;
    }

    /** Copies a page's keys, turns them into rows, and its values into columns. */
    private void prepare(int page) {
        long keys = task.pages.keys(table[page], task.layer, keyValueHead);
        long values = task.pages.values(table[page], task.layer, keyValueHead);
        int keysTo = keysAt(page);
        int count = Math.min(TILE, rows - page * TILE);
        Lanes.copy(keys, right, keysTo, byElement);
        for (int position = 0; position < count; position++) {
            int column = position / WIDTH * size * WIDTH + position % WIDTH;
            for (int i = 0; i < size; i++) {
                int panel = (i / WIDTH * TILE + position) * WIDTH + i % WIDTH;
                right[keyRowsAt(page) + panel] = right[keysTo + column + i * WIDTH];
                right[valuesAt(page) + column + i * WIDTH] = Lanes.get(values + (long) panel * Float.BYTES);
            }
        }
    }

    private void queryBlock(int head, int block, boolean firstHead, long dOut, long dQkv) {
        int first = block * TILE;
        int count = Math.min(TILE, rows - first);
        for (int i = 0; i < count; i++) {
            int row = firstRow + first + i;
            long query = task.query(row, head);
            long dOutput = task.output(dOut, row, head);
            Lanes.copy(query, left, i * size, size);
            Lanes.copy(dOutput, left, dOutAt + i * size, size);
            toPanels(query, queriesAt, i);
            toPanels(dOutput, dOutsAt, i);
            along[i] = dot(dOutput, task.output(task.out, row, head), size);
            logSumExp[i] = Lanes.get(task.logSumExp(row, head));
        }
        for (int page = 0; page <= block; page++) {
            weigh(page, count, page == block);
            multiply(page, count, page == block, firstHead);
        }
        for (int i = 0; i < count; i++) {
            Lanes.copy(row(dQueries, i), element(dQkv, first + i, head * size), size);
        }
    }

    private void toPanels(long vector, int panels, int row) {
        for (int i = 0; i < size; i += WIDTH) {
            int to = panels + i * TILE + row * WIDTH;
            Lanes.copy(vector + (long) i * Float.BYTES, right, to, Math.min(WIDTH, size - i));
        }
    }

    /** P and dS of a block of queries and a page, as left operands: dS by query, both by position. */
    private void weigh(int page, int count, boolean diagonal) {
        int positions = diagonal ? count : TILE;
        int panels = Math.ceilDiv(positions, WIDTH);
        scores(count, panels, 0, keysAt(page), scores);
        scores(count, panels, dOutAt, valuesAt(page), dWeights);
        for (int i = 0; i < count; i++) {
            long row = (long) i * TILE * Float.BYTES;
            int own = diagonal ? i + 1 : TILE;
            int filled = Math.ceilDiv(own, Lanes.COUNT) * Lanes.COUNT;
            for (int hidden = own; hidden < filled; hidden++) {
                Lanes.set(scores + row + (long) hidden * Float.BYTES, Float.NEGATIVE_INFINITY);
                Lanes.set(dWeights + row + (long) hidden * Float.BYTES, 0);
            }
            int rest = panels * WIDTH - filled;
            Lanes.zero(scores + row + (long) filled * Float.BYTES, rest);
            Lanes.zero(dWeights + row + (long) filled * Float.BYTES, rest);
            VectorMath.weighGradient(scores + row, dWeights + row, filled, task.scale, logSumExp[i], along[i]);
            Lanes.copy(dWeights + row, left, dScoresAt + i * TILE, panels * WIDTH);
            RowGroups.spread(scores + row, positions, left, weightGroups + i * ColumnTiles.ROWS, GROUPS);
            RowGroups.spread(dWeights + row, positions, left, dScoreGroups + i * ColumnTiles.ROWS, GROUPS);
        }
    }

    private void scores(int count, int panels, int leftAt, int rightAt, long target) {
        for (int panel = 0; panel < panels; panel++) {
            GemmTiles.rows(
                    count,
                    size,
                    left,
                    leftAt,
                    size,
                    right,
                    rightAt + panel * size * WIDTH,
                    workspace.zeros,
                    0,
                    target + (long) panel * WIDTH * Float.BYTES,
                    (long) TILE * Float.BYTES);
        }
    }

    private void multiply(int page, int count, boolean diagonal, boolean firstHead) {
        int positions = diagonal ? count : TILE;
        long stride = (long) padded * Float.BYTES;
        for (int column = 0; column < padded; column += WIDTH) {
            int panel = column * TILE;
            long at = (long) column * Float.BYTES;
            GemmTiles.rows(
                    count,
                    positions,
                    left,
                    dScoresAt,
                    TILE,
                    right,
                    keyRowsAt(page) + panel,
                    page == 0 ? workspace.zeros : dQueries + at,
                    page == 0 ? 0 : stride,
                    dQueries + at,
                    stride);
            boolean begins = diagonal && firstHead;
            addTransposed(positions, count, weightGroups, dOutsAt + panel, begins, row(dValues, page * TILE) + at);
            addTransposed(positions, count, dScoreGroups, queriesAt + panel, begins, row(dKeys, page * TILE) + at);
        }
    }

    private void addTransposed(int positions, int count, int leftAt, int rightAt, boolean begins, long target) {
        long stride = (long) padded * Float.BYTES;
        ColumnTiles.rows(
                positions,
                count,
                left,
                leftAt,
                1,
                GROUPS,
                right,
                rightAt,
                begins ? workspace.zeros : target,
                begins ? 0 : stride,
                target,
                stride);
    }

    private static float dot(long x, long y, int n) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            sum = Lanes.load(x + (long) i * Float.BYTES).fma(Lanes.load(y + (long) i * Float.BYTES), sum);
        }
        double total = Lanes.sum(sum);
        for (int i = whole; i < n; i++) {
            total += (double) Lanes.get(x + (long) i * Float.BYTES) * Lanes.get(y + (long) i * Float.BYTES);
        }
        return (float) total;
    }
}
