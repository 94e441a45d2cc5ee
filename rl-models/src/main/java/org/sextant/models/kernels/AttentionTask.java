// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** What one call of attention works on. */
final class AttentionTask {
    static final int POSITIONS = KeyValuePages.POSITIONS;
    static final int WIDTH = GemmTiles.WIDTH;
    static final int PANELS = POSITIONS / WIDTH;

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

    /** {@code target[rows][32] = left·B} for one page, where B is stored as keys are. */
    void scores(
            int rows, float[] left, int leftAt, long keys, float[] right, long zeros, long target, int targetWidth) {
        long stride = (long) targetWidth * Float.BYTES;
        for (int panel = 0; panel < PANELS; panel++) {
            Lanes.copy(keys + (long) panel * headSize * WIDTH * Float.BYTES, right, 0, headSize * WIDTH);
            long to = target + (long) panel * WIDTH * Float.BYTES;
            GemmTiles.rows(rows, headSize, left, leftAt, headSize, right, 0, zeros, 0, to, stride);
        }
    }
}
