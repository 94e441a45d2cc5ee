// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Arrays;
import org.sextant.models.kernels.KeyValuePages;

/** The first positions of a row whose keys and values are in pages. Full pages may be shared with other rows; nobody writes to a shared page. */
final class CachedPrefix {
    private final PagePool pool;
    private int[] table = new int[4];
    private int held;
    private int positions;

    CachedPrefix(PagePool pool) {
        this.pool = pool;
    }

    /** Positions whose keys and values are cached. */
    int positions() {
        return positions;
    }

    /** Page numbers; only those up to the positions in use mean something. */
    int[] table() {
        return table;
    }

    /** Pages that this row reads, shared or not. */
    int pages() {
        return held;
    }

    /** Pages that must be taken before {@code length} positions can be cached, those counted that are shared and will be written to. */
    int missing(int length) {
        return PagePool.pagesFor(length) - positions / KeyValuePages.POSITIONS;
    }

    /** Reads the first {@code count} positions of another row's pages instead of its own. */
    void share(CachedPrefix other, int count) {
        int pages = PagePool.pagesFor(count);
        for (int i = 0; i < pages; i++) {
            pool.retain(other.table[i]);
        }
        release();
        reserve(pages);
        System.arraycopy(other.table, 0, table, 0, pages);
        held = pages;
        positions = count;
    }

    /** Forgets positions from {@code count} on; they are computed again. */
    void shorten(int count) {
        positions = Math.min(positions, count);
    }

    /** Says that {@code count} more positions have been computed. */
    void computed(int count) {
        positions += count;
    }

    /** Gives all pages back. */
    void release() {
        for (int i = 0; i < held; i++) {
            pool.release(table[i]);
        }
        held = 0;
        positions = 0;
    }

    /** The first page that must be there, and be this row's alone, before {@code count} more positions are written; -1 if all are. */
    int firstUnwritable(int count) {
        int last = (positions + count - 1) / KeyValuePages.POSITIONS;
        for (int i = positions / KeyValuePages.POSITIONS; i <= last; i++) {
            if (i >= held || pool.shared(table[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Puts a fresh page in place {@code index}; if a shared page was there, what this row has in it is copied. */
    void put(int index, int page) {
        reserve(index + 1);
        if (index < held) {
            int cachedInPage = Math.max(0, positions - index * KeyValuePages.POSITIONS);
            if (cachedInPage > 0) {
                pool.copy(table[index], page, cachedInPage);
            }
            pool.release(table[index]);
        } else {
            held = index + 1;
        }
        table[index] = page;
    }

    private void reserve(int pages) {
        if (pages > table.length) {
            table = Arrays.copyOf(table, Math.max(pages, 2 * table.length));
        }
    }
}
