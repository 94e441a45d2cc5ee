// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Bytes that an arena takes for what is allocated in it, known before it is allocated; what only fills up is counted. */
public interface MemorySizes {
    /** Of {@link MemoryArena#allocate}. */
    long tensor(int rows, int columns);

    /** Of {@link MemoryArena#allocateWeight}. */
    long weight(int rows, int columns, WeightFormat format);

    /** Of {@link MemoryArena#allocatePages}. */
    long pages(int layers, int keyValueHeads, int headSize, int pages);

    /** Sizes of an arena that holds every number in as many bytes, and nothing else. */
    static MemorySizes plain(int numberBytes) {
        return new PlainSizes(numberBytes);
    }
}
