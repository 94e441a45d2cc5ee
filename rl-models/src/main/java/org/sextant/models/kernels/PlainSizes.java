// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Every number takes as many bytes. */
record PlainSizes(int numberBytes) implements MemorySizes {
    @Override
    public long tensor(int rows, int columns) {
        return (long) numberBytes * rows * columns;
    }

    @Override
    public long weight(int rows, int columns, WeightFormat format) {
        return tensor(rows, columns);
    }

    @Override
    public long pages(int layers, int keyValueHeads, int headSize, int pages) {
        return 2L * numberBytes * layers * keyValueHeads * headSize * pages * KeyValuePages.POSITIONS;
    }
}
