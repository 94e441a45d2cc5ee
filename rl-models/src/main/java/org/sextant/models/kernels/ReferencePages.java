// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Keys and values in one array per page: {@code [layer][keyValueHead][position][headSize]}.
 *
 * @param keys one array per page
 * @param values one array per page
 */
record ReferencePages(int layers, int keyValueHeads, int headSize, double[][] keys, double[][] values)
        implements KeyValuePages {

    static ReferencePages of(KeyValuePages pages) {
        if (pages instanceof ReferencePages own) {
            return own;
        }
        throw new IllegalArgumentException("these key/value pages were not made by the reference kernels");
    }

    @Override
    public int pages() {
        return keys.length;
    }

    /** Where the vector of a position begins inside its page. */
    int offset(int layer, int keyValueHead, int positionInPage) {
        return ((layer * keyValueHeads + keyValueHead) * POSITIONS + positionInPage) * headSize;
    }

    void store(ReferenceTensor qkv, int keyColumn, int valueColumn, Segments segments, int layer) {
        for (int s = 0; s < segments.count(); s++) {
            int[] table = segments.pageTable(s);
            for (int r = 0; r < segments.rows(s); r++) {
                int position = segments.past(s) + r;
                int page = table[position / POSITIONS];
                int at = (segments.firstRow(s) + r) * qkv.columns();
                for (int h = 0; h < keyValueHeads; h++) {
                    int to = offset(layer, h, position % POSITIONS);
                    System.arraycopy(qkv.data(), at + keyColumn + h * headSize, keys[page], to, headSize);
                    System.arraycopy(qkv.data(), at + valueColumn + h * headSize, values[page], to, headSize);
                }
            }
        }
    }

    void copy(int fromPage, int toPage, int positions) {
        for (int layer = 0; layer < layers; layer++) {
            for (int h = 0; h < keyValueHeads; h++) {
                int at = offset(layer, h, 0);
                System.arraycopy(keys[fromPage], at, keys[toPage], at, positions * headSize);
                System.arraycopy(values[fromPage], at, values[toPage], at, positions * headSize);
            }
        }
    }
}
