// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** What one call of attention works on. */
final class AttentionTask {
    static final int POSITIONS = KeyValuePages.POSITIONS;
    static final int WIDTH = GemmTiles.WIDTH;
    static final int PANELS = POSITIONS / WIDTH;

    /** Most rows of a tile for which a page is not copied. */
    static final int STREAM_ROWS = 4;

    VectorPages pages;
    int layer;
    Segments segments;
    int heads;
    int group;
    int headSize;
    int paddedHead;
    float scale;
    long qkv;
    int width;
    long out;
    long logSumExp;

    void set(
            VectorTensor qkv,
            int heads,
            Segments segments,
            VectorPages pages,
            int layer,
            double scale,
            long out,
            long logSumExp) {
        this.pages = pages;
        this.layer = layer;
        this.segments = segments;
        this.heads = heads;
        this.group = heads / pages.keyValueHeads();
        this.headSize = pages.headSize();
        this.paddedHead = VectorPages.paddedHead(headSize);
        this.scale = (float) scale;
        this.qkv = qkv.address(0, 0);
        this.width = qkv.columns();
        this.out = out;
        this.logSumExp = logSumExp;
    }

    /** The query of a head, or its output in a matrix of {@code [rows, heads · headSize]}. */
    long query(int row, int head) {
        return qkv + ((long) row * width + (long) head * headSize) * Float.BYTES;
    }

    long output(long matrix, int row, int head) {
        return matrix + ((long) row * heads + head) * headSize * Float.BYTES;
    }

    long logSumExp(int row, int head) {
        return logSumExp + ((long) row * heads + head) * Float.BYTES;
    }

    /**
     * {@code target[rows][panels · W] = left·K} for the first panels of a page of keys. A few rows read the keys where they lie: copying
     * them first would cost more than it saves.
     */
    void scores(int rows, float[] left, int panels, long keys, Workspace workspace, long target, int targetWidth) {
        long stride = (long) targetWidth * Float.BYTES;
        float[] right = workspace.right(headSize * WIDTH);
        for (int panel = 0; panel < panels; panel++) {
            long from = keys + (long) panel * headSize * WIDTH * Float.BYTES;
            long to = target + (long) panel * WIDTH * Float.BYTES;
            if (rows <= STREAM_ROWS) {
                StreamTiles.rows(rows, headSize, left, 0, headSize, from, workspace.zeros, 0, to, stride);
            } else {
                Lanes.copy(from, right, 0, headSize * WIDTH);
                GemmTiles.rows(rows, headSize, left, 0, headSize, right, 0, workspace.zeros, 0, to, stride);
            }
        }
    }
}
