// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * Gradients of attention for one key/value head of one segment, recomputing the weights P from the stored log of their
 * denominators (Dao et al. 2022, arXiv 2205.14135): with D = rowsum(dO ∘ O), dV = Pᵀ·dO, dS = scale · P ∘ (dO·Vᵀ − D),
 * dQ = dS·K, dK = dSᵀ·Q.
 *
 * <p>Blocks of {@link #TILE} queries meet pages of keys. Right operands lie in scratch memory as panels
 * {@code [padded / W][32][W]}, zero past headSize; left operands are the Java array {@code left}.
 */
final class AttentionGradient {
    /** Queries in a block: the positions of a page, so that only blocks on the diagonal are half empty. */
    private static final int TILE = AttentionTask.POSITIONS;

    private static final int WIDTH = AttentionTask.WIDTH;
    private static final int SQUARE = TILE * TILE;

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
    private float[] right;
    private int dOutAt;
    private int dScoresAt;
    private int weightsTransposedAt;
    private int dScoresTransposedAt;

    private long keyRows;
    private long transposedValues;
    private long dKeys;
    private long dValues;
    private long queryPanels;
    private long dOutPanels;
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
                queryBlock(head, block, dOut, dQkv);
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
        weightsTransposedAt = dScoresAt + SQUARE;
        dScoresTransposedAt = weightsTransposedAt + SQUARE;
        left = workspace.left(dScoresTransposedAt + SQUARE);
        right = workspace.right(Math.max(size, TILE) * WIDTH);
        long block = (long) TILE * padded * Float.BYTES;
        keyRows = workspace.scratch(((4L * blocks + 3) * TILE * padded) + 2L * SQUARE);
        transposedValues = keyRows + blocks * block;
        dKeys = transposedValues + blocks * block;
        dValues = dKeys + blocks * block;
        queryPanels = dValues + blocks * block;
        dOutPanels = queryPanels + block;
        dQueries = dOutPanels + block;
        scores = dQueries + block;
        dWeights = scores + (long) SQUARE * Float.BYTES;
        Lanes.zero(dKeys, 2L * blocks * TILE * padded);
    }

    private long row(long matrix, int r) {
        return matrix + (long) r * padded * Float.BYTES;
    }

    private long element(long matrix, int r, int column) {
        return matrix + ((long) (firstRow + r) * task.width + column) * Float.BYTES;
    }

    /** Turns a page's keys into rows, and its values into columns. */
    private void prepare(int page) {
        long keys = task.pages.keys(table[page], task.layer, keyValueHead);
        long values = task.pages.values(table[page], task.layer, keyValueHead);
        long keysTo = row(keyRows, page * TILE);
        long valuesTo = row(transposedValues, page * TILE);
        int count = Math.min(TILE, rows - page * TILE);
        Lanes.zero(keysTo, (long) TILE * padded);
        for (int position = 0; position < count; position++) {
            int panel = position / WIDTH * size * WIDTH + position % WIDTH;
            for (int first = 0; first < size; first += WIDTH) {
                long byPosition = ((long) first * TILE + (long) position * WIDTH) * Float.BYTES;
                long byElement = (panel + (long) first * WIDTH) * Float.BYTES;
                int elements = Math.min(WIDTH, size - first);
                gather(keys + byElement, elements, keysTo + byPosition);
                scatter(values + byPosition, elements, valuesTo + byElement);
            }
        }
    }

    private static void gather(long from, int n, long to) {
        for (int i = 0; i < n; i++) {
            Lanes.set(to + (long) i * Float.BYTES, Lanes.get(from + (long) i * WIDTH * Float.BYTES));
        }
    }

    private static void scatter(long from, int n, long to) {
        for (int i = 0; i < n; i++) {
            Lanes.set(to + (long) i * WIDTH * Float.BYTES, Lanes.get(from + (long) i * Float.BYTES));
        }
    }

    private void queryBlock(int head, int block, long dOut, long dQkv) {
        int first = block * TILE;
        int count = Math.min(TILE, rows - first);
        for (int i = 0; i < count; i++) {
            int row = firstRow + first + i;
            long query = task.query(row, head);
            long dOutput = task.output(dOut, row, head);
            Lanes.copy(query, left, i * size, size);
            Lanes.copy(dOutput, left, dOutAt + i * size, size);
            toPanels(query, queryPanels, i);
            toPanels(dOutput, dOutPanels, i);
            along[i] = dot(dOutput, task.output(task.out, row, head), size);
            logSumExp[i] = Lanes.get(task.logSumExp(row, head));
        }
        for (int page = 0; page <= block; page++) {
            page(page, count, page == block);
        }
        for (int i = 0; i < count; i++) {
            Lanes.copy(row(dQueries, i), element(dQkv, first + i, head * size), size);
        }
    }

    private void toPanels(long vector, long panels, int row) {
        for (int i = 0; i < size; i += WIDTH) {
            long to = panels + ((long) i * TILE + (long) row * WIDTH) * Float.BYTES;
            if (size - i < WIDTH) {
                Lanes.zero(to, WIDTH);
            }
            Lanes.copy(vector + (long) i * Float.BYTES, to, Math.min(WIDTH, size - i));
        }
    }

    private void page(int page, int count, boolean diagonal) {
        long keys = task.pages.keys(table[page], task.layer, keyValueHead);
        task.scores(count, left, 0, keys, right, workspace.zeros, scores, TILE);
        task.scores(count, left, dOutAt, row(transposedValues, page * TILE), right, workspace.zeros, dWeights, TILE);
        for (int i = 0; i < count; i++) {
            long at = (long) i * TILE * Float.BYTES;
            for (int hidden = i + 1; diagonal && hidden < TILE; hidden++) {
                Lanes.set(scores + at + (long) hidden * Float.BYTES, Float.NEGATIVE_INFINITY);
                Lanes.set(dWeights + at + (long) hidden * Float.BYTES, 0);
            }
            weigh(scores + at, dWeights + at, task.scale, logSumExp[i], along[i], left, dScoresAt + i * TILE);
            transpose(scores + at, i, weightsTransposedAt);
            transpose(dWeights + at, i, dScoresTransposedAt);
        }
        long stride = (long) padded * Float.BYTES;
        for (int column = 0; column < padded; column += WIDTH) {
            long panel = (long) column * TILE * Float.BYTES;
            long at = (long) column * Float.BYTES;
            Lanes.copy(row(keyRows, page * TILE) + panel, right, 0, TILE * WIDTH);
            GemmTiles.rows(
                    count,
                    TILE,
                    left,
                    dScoresAt,
                    TILE,
                    right,
                    0,
                    page == 0 ? workspace.zeros : dQueries + at,
                    page == 0 ? 0 : stride,
                    dQueries + at,
                    stride);
            addTransposed(count, weightsTransposedAt, dOutPanels + panel, row(dValues, page * TILE) + at, stride);
            addTransposed(count, dScoresTransposedAt, queryPanels + panel, row(dKeys, page * TILE) + at, stride);
        }
    }

    private void addTransposed(int count, int leftAt, long panel, long target, long stride) {
        Lanes.copy(panel, right, 0, count * WIDTH);
        GemmTiles.rows(TILE, count, left, leftAt, TILE, right, 0, target, stride, target, stride);
    }

    private void transpose(long from, int column, int at) {
        for (int j = 0; j < TILE; j++) {
            left[at + j * TILE + column] = Lanes.get(from + (long) j * Float.BYTES);
        }
    }

    /** Replaces scores by weights and gradients of weights by gradients of scores. */
    private static void weigh(
            long scores, long dWeights, float scale, float logSumExp, float along, float[] dScores, int to) {
        for (int i = 0; i < TILE; i += Lanes.COUNT) {
            long at = scores + (long) i * Float.BYTES;
            Lanes.store(Lanes.load(at).mul(scale).sub(logSumExp), at);
        }
        VectorMath.exp(scores, TILE);
        for (int i = 0; i < TILE; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector dScore = Lanes.load(dWeights + at)
                    .sub(along)
                    .mul(Lanes.load(scores + at))
                    .mul(scale);
            Lanes.store(dScore, dWeights + at);
            dScore.intoArray(dScores, to + i);
        }
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
