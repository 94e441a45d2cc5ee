// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Causal attention on register tiles. A panel of work is a key/value head and some consecutive rows of a segment with all their query heads:
 * scores of all pages up to the last row's, softmax of each row, then weights times values page by page. Pages are always
 * summed whole, with weight 0 past the row's position, so a row's sums are the same in any tile, decoded or trained on.
 */
final class VectorAttention implements Threads.Panels {
    private static final int TILE_ROWS = 48;
    private static final int POSITIONS = AttentionTask.POSITIONS;
    private static final int WIDTH = AttentionTask.WIDTH;

    private final Threads threads;
    private final Workspace[] workspaces;
    private final AttentionTask task = new AttentionTask();
    private int rowsPerTile;
    private int[] firstTile = new int[16];

    VectorAttention(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        this.workspaces = workspaces;
    }

    void run(VectorTensor qkv, int heads, Segments segments, VectorPages pages, int layer, double scale, long out,
            long logSumExp) {
        task.set(qkv, heads, segments, pages, layer, scale, out, logSumExp);
        rowsPerTile = Math.max(1, TILE_ROWS / task.group);
        if (firstTile.length <= segments.count()) {
            firstTile = new int[2 * segments.count() + 1];
        }
        int tiles = 0;
        for (int s = 0; s < segments.count(); s++) {
            firstTile[s] = tiles;
            tiles += Math.ceilDiv(segments.rows(s), rowsPerTile);
        }
        firstTile[segments.count()] = tiles;
        threads.run(this, tiles * pages.keyValueHeads());
    }

    @Override
    public void panel(int index, int worker) {
        int keyValueHead = index % task.pages.keyValueHeads();
        int tile = index / task.pages.keyValueHeads();
        int segment = segmentOf(tile);
        int first = (tile - firstTile[segment]) * rowsPerTile;
        int rows = Math.min(rowsPerTile, task.segments.rows(segment) - first);
        tile(segment, first, rows, keyValueHead, workspaces[worker]);
    }

    private int segmentOf(int tile) {
        int low = 0;
        int high = task.segments.count() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstTile[middle] <= tile) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Tile row i is row {@code first + i / group} of the segment with query head {@code i % group} of the key/value head. */
    private void tile(int segment, int first, int rows, int keyValueHead, Workspace workspace) {
        AttentionTask t = task;
        int past = t.segments.past(segment) + first;
        int row = t.segments.firstRow(segment) + first;
        int tileRows = rows * t.group;
        int usedPages = (past + rows - 1) / POSITIONS + 1;
        int visibleWidth = usedPages * POSITIONS;
        float[] queries = workspace.left(tileRows * (t.headSize + visibleWidth));
        float[] right = workspace.right(Math.max(t.headSize, POSITIONS) * WIDTH);
        long scores = workspace.scratch((long) tileRows * (visibleWidth + t.paddedHead + 1));
        long sums = scores + (long) tileRows * visibleWidth * Float.BYTES;
        long inverses = sums + (long) tileRows * t.paddedHead * Float.BYTES;
        int weights = tileRows * t.headSize;
        int[] table = t.segments.pageTable(segment);
        copyQueries(row, rows, keyValueHead, queries);
        for (int page = 0; page < usedPages; page++) {
            long keys = t.pages.keys(table[page], t.layer, keyValueHead);
            t.scores(tileRows, queries, 0, keys, right, workspace.zeros, scores + (long) page * POSITIONS * Float.BYTES,
                    visibleWidth);
        }
        for (int i = 0; i < tileRows; i++) {
            int visible = past + i / t.group + 1;
            int vectors = Math.ceilDiv(visible, Lanes.COUNT) * Lanes.COUNT;
            long rowScores = scores + (long) i * visibleWidth * Float.BYTES;
            for (int p = visible; p < vectors; p++) {
                Lanes.set(rowScores + (long) p * Float.BYTES, Float.NEGATIVE_INFINITY);
            }
            int at = weights + i * visibleWidth;
            float maximum = maximum(rowScores, vectors) * t.scale;
            float sum = weigh(rowScores, vectors, t.scale, maximum, queries, at);
            Arrays.fill(queries, at + vectors, at + visibleWidth, 0);
            Lanes.set(inverses + (long) i * Float.BYTES, 1 / sum);
            if (t.logSumExp != 0) {
                int head = keyValueHead * t.group + i % t.group;
                Lanes.set(t.logSumExp(row + i / t.group, head), (float) (maximum + Math.log(sum)));
            }
        }
        sumValues(table, usedPages, keyValueHead, tileRows, queries, weights, right, workspace.zeros, sums);
        for (int i = 0; i < tileRows; i++) {
            long to = t.output(t.out, row + i / t.group, keyValueHead * t.group + i % t.group);
            long from = sums + (long) i * t.paddedHead * Float.BYTES;
            scaled(from, t.headSize, Lanes.get(inverses + (long) i * Float.BYTES), to);
        }
    }

    private void copyQueries(int row, int rows, int keyValueHead, float[] queries) {
        int together = task.group * task.headSize;
        for (int r = 0; r < rows; r++) {
            Lanes.copy(task.query(row + r, keyValueHead * task.group), queries, r * together, together);
        }
    }

    private void sumValues(int[] table, int usedPages, int keyValueHead, int tileRows, float[] left, int weights,
            float[] right, long zeros, long sums) {
        long stride = (long) task.paddedHead * Float.BYTES;
        for (int column = 0; column < task.paddedHead; column += WIDTH) {
            long target = sums + (long) column * Float.BYTES;
            for (int page = 0; page < usedPages; page++) {
                long values = task.pages.values(table[page], task.layer, keyValueHead)
                        + (long) column * POSITIONS * Float.BYTES;
                Lanes.copy(values, right, 0, POSITIONS * WIDTH);
                GemmTiles.rows(tileRows, POSITIONS, left, weights + page * POSITIONS, usedPages * POSITIONS, right, 0,
                        page == 0 ? zeros : target, page == 0 ? 0 : stride, target, stride);
            }
        }
    }

    private static float maximum(long scores, int n) {
        FloatVector maximum = Lanes.broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            maximum = maximum.max(Lanes.load(scores + (long) i * Float.BYTES));
        }
        return maximum.reduceLanes(VectorOperators.MAX);
    }

    /** Writes {@code exp(scale · score − maximum)} for n positions; returns the sum. */
    private static float weigh(long scores, int n, float scale, float maximum, float[] weights, int at) {
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector weight = VectorMath.exp(Lanes.load(scores + (long) i * Float.BYTES).mul(scale).sub(maximum));
            weight.intoArray(weights, at + i);
            sum = sum.add(weight);
        }
        return (float) Lanes.sum(sum);
    }

    private static void scaled(long from, int n, float factor, long to) {
        int whole = Lanes.SPECIES.loopBound(n);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            Lanes.store(Lanes.load(from + at).mul(factor), to + at);
        }
        if (whole < n) {
            long at = (long) whole * Float.BYTES;
            Lanes.store(Lanes.load(from + at).mul(factor), to + at, Lanes.first(n - whole));
        }
    }
}
