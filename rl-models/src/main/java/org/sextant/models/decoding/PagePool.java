// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Arrays;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.transformer.TransformerConfig;

/** Pages of keys and values, each with a count of the rows that read it. Grows on request while no page is in use. */
final class PagePool implements AutoCloseable {
    private final Kernels kernels;
    private final TransformerConfig config;
    private final int mostPages;
    private MemoryArena arena;
    private KeyValuePages store;
    private int[] readers = new int[0];
    private int[] free = new int[0];
    private int freeCount;

    PagePool(Kernels kernels, TransformerConfig config, int mostPages) {
        this.kernels = kernels;
        this.config = config;
        this.mostPages = mostPages;
    }

    static int pagesFor(int positions) {
        return Math.ceilDiv(positions, KeyValuePages.POSITIONS);
    }

    /** Whether {@link #grow} would add pages to reach {@code wanted}. */
    boolean canGrow(int wanted) {
        return Math.min(wanted, mostPages) > readers.length;
    }

    /** Allocates at least {@code wanted} pages if the limit allows; what was cached is lost, so no page may be in use. */
    void grow(int wanted) {
        if (freeCount != readers.length) {
            throw new IllegalStateException(
                    (readers.length - freeCount) + " pages are in use while the cache is to grow");
        }
        // Half as much again at least, so that slowly growing needs settle soon.
        int pages = Math.min(mostPages, Math.max(wanted, readers.length + readers.length / 2));
        close();
        arena = kernels.arena("cache");
        store = arena.allocatePages(
                "key/value cache", config.layers(), config.keyValueHeads(), config.headSize(), pages);
        readers = new int[pages];
        free = new int[pages];
        freeCount = pages;
        Arrays.setAll(free, i -> pages - 1 - i);
    }

    KeyValuePages store() {
        return store;
    }

    int pages() {
        return readers.length;
    }

    int freePages() {
        return freeCount;
    }

    /** A page for one reader, or -1 if there is none. */
    int take() {
        if (freeCount == 0) {
            return -1;
        }
        int page = free[--freeCount];
        readers[page] = 1;
        return page;
    }

    void retain(int page) {
        readers[page]++;
    }

    void release(int page) {
        if (--readers[page] == 0) {
            free[freeCount++] = page;
        }
    }

    /** Whether others read the page too, so that nobody may write to it. */
    boolean shared(int page) {
        return readers[page] > 1;
    }

    void copy(int from, int to, int positions) {
        kernels.copyPage(store, from, to, positions);
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
        arena = null;
        store = null;
        readers = new int[0];
        free = new int[0];
        freeCount = 0;
    }
}
