// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Keys and values in the order in which products read them: a page has for every layer and head a block of keys, then a
 * block of values. Keys are {@code [32 / W][headSize][W]} with W = {@link GemmTiles#WIDTH} positions side by side, so
 * that scores of W positions are one chain over headSize; values are {@code [headSize / W][32][W]}. Positions that were not
 * written, and columns of values past headSize, hold whatever was there before: nobody reads a number that they lead to.
 */
final class VectorPages implements KeyValuePages {
    private static final int WIDTH = GemmTiles.WIDTH;

    private final int layers;
    private final int keyValueHeads;
    private final int headSize;
    private final int pages;
    private final VectorArena arena;
    private final long address;

    VectorPages(int layers, int keyValueHeads, int headSize, int pages, VectorArena arena, long address) {
        this.layers = layers;
        this.keyValueHeads = keyValueHeads;
        this.headSize = headSize;
        this.pages = pages;
        this.arena = arena;
        this.address = address;
    }

    static VectorPages of(KeyValuePages pages) {
        if (!(pages instanceof VectorPages own)) {
            throw new IllegalArgumentException("these key/value pages were not made by the vector kernels");
        }
        own.arena.requireOpen("key/value pages");
        return own;
    }

    /** headSize rounded up to whole panels. */
    static int paddedHead(int headSize) {
        return (headSize + WIDTH - 1) / WIDTH * WIDTH;
    }

    static long pageFloats(int layers, int keyValueHeads, int headSize) {
        return (long) layers * keyValueHeads * blockFloats(headSize);
    }

    private static int blockFloats(int headSize) {
        return POSITIONS * (headSize + paddedHead(headSize));
    }

    @Override
    public int layers() {
        return layers;
    }

    @Override
    public int keyValueHeads() {
        return keyValueHeads;
    }

    @Override
    public int headSize() {
        return headSize;
    }

    @Override
    public int pages() {
        return pages;
    }

    long keys(int page, int layer, int keyValueHead) {
        long block = ((long) page * layers + layer) * keyValueHeads + keyValueHead;
        return address + block * blockFloats(headSize) * Float.BYTES;
    }

    long values(int page, int layer, int keyValueHead) {
        return keys(page, layer, keyValueHead) + (long) POSITIONS * headSize * Float.BYTES;
    }

    /** Writes the keys and values of all heads at one position. */
    void write(long key, long value, int page, int layer, int position) {
        for (int head = 0; head < keyValueHeads; head++) {
            long from = (long) head * headSize * Float.BYTES;
            long values = values(page, layer, head);
            writeKey(key + from, keys(page, layer, head) + keyOffset(position), headSize);
            for (int first = 0; first < headSize; first += WIDTH) {
                long to = values + ((long) first * POSITIONS + (long) position * WIDTH) * Float.BYTES;
                Lanes.copy(value + from + (long) first * Float.BYTES, to, Math.min(WIDTH, headSize - first));
            }
        }
    }

    private long keyOffset(int position) {
        return ((long) position / WIDTH * headSize * WIDTH + position % WIDTH) * Float.BYTES;
    }

    private static void writeKey(long from, long to, int headSize) {
        for (int i = 0; i < headSize; i++) {
            Lanes.set(to + (long) i * WIDTH * Float.BYTES, Lanes.get(from + (long) i * Float.BYTES));
        }
    }

    void copy(int fromPage, int toPage) {
        Lanes.copy(keys(fromPage, 0, 0), keys(toPage, 0, 0), pageFloats(layers, keyValueHeads, headSize));
    }
}
