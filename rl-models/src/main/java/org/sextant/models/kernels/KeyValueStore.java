// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Writes keys and values of new rows to their pages; a panel is one segment, and goes through it row by row: a head at a
 * time would wait for memory at every row.
 */
final class KeyValueStore implements Threads.Panels {
    private final Threads threads;
    private VectorTensor qkv;
    private int keyColumn;
    private int valueColumn;
    private Segments segments;
    private VectorPages pages;
    private int layer;

    KeyValueStore(Threads threads) {
        this.threads = threads;
    }

    void run(VectorTensor qkv, int keyColumn, int valueColumn, Segments segments, VectorPages pages, int layer) {
        this.qkv = qkv;
        this.keyColumn = keyColumn;
        this.valueColumn = valueColumn;
        this.segments = segments;
        this.pages = pages;
        this.layer = layer;
        threads.run(this, segments.count());
    }

    @Override
    public void panel(int segment, int worker) {
        int[] table = segments.pageTable(segment);
        for (int r = 0; r < segments.rows(segment); r++) {
            int position = segments.past(segment) + r;
            int page = table[position / KeyValuePages.POSITIONS];
            long key = qkv.address(segments.firstRow(segment) + r, keyColumn);
            long value = qkv.address(segments.firstRow(segment) + r, valueColumn);
            pages.write(key, value, page, layer, position % KeyValuePages.POSITIONS);
        }
    }
}
