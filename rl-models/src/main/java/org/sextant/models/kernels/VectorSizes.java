// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Sizes of {@link VectorArena}: weights in whole panels, heads of pages in whole panels, everything in whole cache lines. */
enum VectorSizes implements MemorySizes {
    /** The only ones of this width. */
    OF_WIDTH;

    /** Bytes of a cache line. */
    static final int ALIGNMENT = 64;

    @Override
    public long tensor(int rows, int columns) {
        return lines((long) rows * columns * Float.BYTES);
    }

    @Override
    public long weight(int rows, int columns, WeightFormat format) {
        return lines(VectorWeight.bytes(rows, columns, format));
    }

    @Override
    public long pages(int layers, int keyValueHeads, int headSize, int pages) {
        return lines(VectorPages.pageFloats(layers, keyValueHeads, headSize) * pages * Float.BYTES);
    }

    /** Bytes in whole cache lines, one at least. */
    static long lines(long bytes) {
        return (Math.max(bytes, 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
