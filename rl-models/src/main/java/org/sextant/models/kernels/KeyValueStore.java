// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Writes keys and values of new rows to their pages; a panel is one segment and one key/value head. */
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
        threads.run(this, segments.count() * pages.keyValueHeads());
    }

    @Override
    public void panel(int index, int worker) {
        int head = index % pages.keyValueHeads();
        int segment = index / pages.keyValueHeads();
        int[] table = segments.pageTable(segment);
        int rows = segments.rows(segment);
        long stride = (long) qkv.columns() * Float.BYTES;
        int r = 0;
        while (r < rows) {
            int position = segments.past(segment) + r;
            int inPage = position % KeyValuePages.POSITIONS;
            int count = Math.min(rows - r, KeyValuePages.POSITIONS - inPage);
            int row = segments.firstRow(segment) + r;
            long key = qkv.address(row, keyColumn + head * pages.headSize());
            long value = qkv.address(row, valueColumn + head * pages.headSize());
            pages.write(key, value, stride, count, table[position / KeyValuePages.POSITIONS], layer, head, inPage);
            r += count;
        }
    }
}
