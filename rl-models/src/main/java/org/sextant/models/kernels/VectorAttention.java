// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Causal attention on register tiles: a panel of work is an {@link AttentionTile}. */
final class VectorAttention implements Threads.Panels {
    /** Rows of a tile, query heads of a group counted one by one: enough to repay the copy of a page. */
    private static final int TILE_ROWS = 48;

    private final Threads threads;
    private final AttentionTask task = new AttentionTask();
    private final AttentionTile[] tileOfWorker;
    private int rowsPerTile;
    private int[] firstTile = new int[16];

    VectorAttention(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        tileOfWorker = new AttentionTile[workspaces.length];
        for (int i = 0; i < workspaces.length; i++) {
            tileOfWorker[i] = new AttentionTile(task, workspaces[i]);
        }
    }

    void run(
            VectorTensor qkv,
            int heads,
            Segments segments,
            VectorPages pages,
            int layer,
            double scale,
            long out,
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
        tileOfWorker[worker].run(segment, first, rows, keyValueHead);
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
}
