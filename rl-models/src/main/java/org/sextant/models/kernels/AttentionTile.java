// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of some consecutive rows of a segment, with all query heads of one key/value head: tile row i is row
 * {@code first + i / group} with query head {@code i % group}. Scores of all pages up to the last row's, softmax of
 * each row, then weights times values page by page. Pages are summed whole, with weight 0 past a row's position, so a
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
    private int usedPages;
    private int span;

    /** Queries {@code [tileRows][headSize]}, then weights {@code [tileRows][span]}. */
    private float[] left;

    private int weightsAt;
    private float[] right;
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
        usedPages = (past + rows - 1) / POSITIONS + 1;
        span = usedPages * POSITIONS;
        takeMemory();
        copyQueries(rows);
        for (int page = 0; page < usedPages; page++) {
            long keys = task.pages.keys(table[page], task.layer, keyValueHead);
            long target = scores + (long) page * POSITIONS * Float.BYTES;
            task.scores(tileRows, left, 0, keys, right, workspace.zeros, target, span);
        }
        softmax();
        sumValues();
        writeOutputs();
    }

    private void takeMemory() {
        weightsAt = tileRows * task.headSize;
        left = workspace.left(weightsAt + tileRows * span);
        right = workspace.right(Math.max(task.headSize, POSITIONS) * WIDTH);
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
            int visible = past + i / task.group + 1;
            int filled = Math.ceilDiv(visible, Lanes.COUNT) * Lanes.COUNT;
            long rowScores = scores + (long) i * span * Float.BYTES;
            for (int p = visible; p < filled; p++) {
                Lanes.set(rowScores + (long) p * Float.BYTES, Float.NEGATIVE_INFINITY);
            }
            int at = weightsAt + i * span;
            float maximum = maximum(rowScores, filled) * task.scale;
            double sum = weigh(rowScores, filled, task.scale, maximum, left, at);
            Arrays.fill(left, at + filled, at + span, 0);
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

    /** Writes {@code exp(scale · score − maximum)} for n positions; returns the sum. */
    private static double weigh(long scores, int n, float scale, float maximum, float[] weights, int at) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long score = scores + (long) i * Float.BYTES;
            Lanes.store(Lanes.load(score).mul(scale).sub(maximum), score);
        }
        VectorMath.exp(scores, n);
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector weight = Lanes.load(scores + (long) i * Float.BYTES);
            weight.intoArray(weights, at + i);
            sum = sum.add(weight);
        }
        return Lanes.sum(sum);
    }

    private void sumValues() {
        long stride = (long) task.paddedHead * Float.BYTES;
        for (int column = 0; column < task.paddedHead; column += WIDTH) {
            long target = sums + (long) column * Float.BYTES;
            for (int page = 0; page < usedPages; page++) {
                long values = task.pages.values(table[page], task.layer, keyValueHead);
                Lanes.copy(values + (long) column * POSITIONS * Float.BYTES, right, 0, POSITIONS * WIDTH);
                GemmTiles.rows(
                        tileRows,
                        POSITIONS,
                        left,
                        weightsAt + page * POSITIONS,
                        span,
                        right,
                        0,
                        page == 0 ? workspace.zeros : target,
                        page == 0 ? 0 : stride,
                        target,
                        stride);
            }
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
