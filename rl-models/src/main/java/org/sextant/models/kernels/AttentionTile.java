// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of some consecutive rows of a segment, with all query heads of one key/value head: tile row i is row
 * {@code first + i / group} with query head {@code i % group}. Scores of all pages up to the last row's, softmax of
 * each row, then weights times values page by page. Positions past a row's own have the weight 0, which changes no sum, so a
 * row's sums are the same in any tile.
 */
final class AttentionTile {
    private static final int POSITIONS = AttentionTask.POSITIONS;
    private static final int WIDTH = AttentionTask.WIDTH;

    private final AttentionTask task;
    private final Workspace workspace;

    private int keyValueHead;
    private int[] table;
    private int past;
    private int firstRow;
    private int tileRows;
    private int visible;
    private int span;

    /** Queries {@code [tileRows][headSize]}, then weights {@code [tileRows][span]}. */
    private float[] left;

    private int weightsAt;
    private long scores;
    private long sums;
    private long inverses;

    AttentionTile(AttentionTask task, Workspace workspace) {
        this.task = task;
        this.workspace = workspace;
    }

    void run(int segment, int first, int rows, int keyValueHead) {
        this.keyValueHead = keyValueHead;
        table = task.segments.pageTable(segment);
        past = task.segments.past(segment) + first;
        firstRow = task.segments.firstRow(segment) + first;
        tileRows = rows * task.group;
        visible = past + rows;
        span = Math.ceilDiv(visible, WIDTH) * WIDTH;
        takeMemory();
        copyQueries(rows);
        for (int page = 0; page * POSITIONS < visible; page++) {
            long keys = task.pages.keys(table[page], task.layer, keyValueHead);
            int panels = Math.min(POSITIONS, span - page * POSITIONS) / WIDTH;
            task.scores(tileRows, left, panels, keys, workspace, scores + (long) page * POSITIONS * Float.BYTES, span);
        }
        softmax();
        sumValues();
        writeOutputs();
    }

    private void takeMemory() {
        weightsAt = tileRows * task.headSize;
        left = workspace.left(weightsAt + tileRows * span);
        scores = workspace.scratch((long) tileRows * (span + task.paddedHead + 1));
        sums = scores + (long) tileRows * span * Float.BYTES;
        inverses = sums + (long) tileRows * task.paddedHead * Float.BYTES;
    }

    private void copyQueries(int rows) {
        int together = task.group * task.headSize;
        for (int r = 0; r < rows; r++) {
            Lanes.copy(task.query(firstRow + r, keyValueHead * task.group), left, r * together, together);
        }
    }

    private void softmax() {
        for (int i = 0; i < tileRows; i++) {
            int own = past + i / task.group + 1;
            int filled = Math.ceilDiv(own, Lanes.COUNT) * Lanes.COUNT;
            long rowScores = scores + (long) i * span * Float.BYTES;
            for (int p = own; p < filled; p++) {
                Lanes.set(rowScores + (long) p * Float.BYTES, Float.NEGATIVE_INFINITY);
            }
            int at = weightsAt + i * span;
            float maximum = maximum(rowScores, filled) * task.scale;
            double sum = VectorMath.weigh(rowScores, filled, task.scale, maximum, left, at);
            for (int p = filled; p < span; p += Lanes.COUNT) {
                Lanes.zero().intoArray(left, at + p);
            }
            Lanes.set(inverses + (long) i * Float.BYTES, (float) (1 / sum));
            if (task.logSumExp != 0) {
                int head = keyValueHead * task.group + i % task.group;
                Lanes.set(task.logSumExp(firstRow + i / task.group, head), (float) (maximum + Math.log(sum)));
            }
        }
    }

    private static float maximum(long scores, int n) {
        FloatVector maximum = Lanes.load(scores);
        for (int i = Lanes.COUNT; i < n; i += Lanes.COUNT) {
            maximum = maximum.max(Lanes.load(scores + (long) i * Float.BYTES));
        }
        return maximum.reduceLanes(VectorOperators.MAX);
    }

    private void sumValues() {
        for (int first = 0; first < visible; first += POSITIONS) {
            long values = task.pages.values(table[first / POSITIONS], task.layer, keyValueHead);
            int depth = Math.min(POSITIONS, visible - first);
            for (int column = 0; column < task.paddedHead; column += WIDTH) {
                addValues(first, depth, values + (long) column * POSITIONS * Float.BYTES, column);
            }
        }
    }

    private void addValues(int first, int depth, long values, int column) {
        long stride = (long) task.paddedHead * Float.BYTES;
        long to = sums + (long) column * Float.BYTES;
        long from = first == 0 ? workspace.zeros : to;
        long fromStride = first == 0 ? 0 : stride;
        int at = weightsAt + first;
        if (tileRows <= AttentionTask.STREAM_ROWS) {
            StreamTiles.rows(tileRows, depth, left, at, span, values, from, fromStride, to, stride);
        } else {
            float[] right = workspace.right(POSITIONS * WIDTH);
            Lanes.copy(values, right, 0, depth * WIDTH);
            GemmTiles.rows(tileRows, depth, left, at, span, right, 0, from, fromStride, to, stride);
        }
    }

    private void writeOutputs() {
        for (int i = 0; i < tileRows; i++) {
            long to = task.output(task.out, firstRow + i / task.group, keyValueHead * task.group + i % task.group);
            long from = sums + (long) i * task.paddedHead * Float.BYTES;
            scaled(from, task.headSize, Lanes.get(inverses + (long) i * Float.BYTES), to);
        }
    }

    private static void scaled(long from, int n, float factor, long to) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(from + at).mul(factor), to + at);
        }
        for (int i = whole; i < n; i++) {
            long at = (long) i * Float.BYTES;
            Lanes.set(to + at, Lanes.get(from + at) * factor);
        }
    }
}
