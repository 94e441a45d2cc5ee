// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.sextant.models.decoding.CachedRow.State;
import org.sextant.models.kernels.KeyValuePages;

/**
 * Who generates, who waits and who gets the pages. Rows enter in the order in which they were opened while there is room. When pages run short,
 * first rows that rest, then rows that wait, then the row that entered last lose their cache and compute it again when they go on: by
 * the contract of the kernels that gives the same bits, so it costs time and changes nothing.
 */
final class Schedule {
    private final PagePool pool;
    private final int mostRows;
    private final Set<CachedRow> open = new LinkedHashSet<>();
    private final Deque<CachedRow> waiting = new ArrayDeque<>();
    private final List<CachedRow> active = new ArrayList<>();
    /** Pages that rows admitted since the last {@link #promisesKept} have not taken yet. */
    private int promised;

    Schedule(PagePool pool, int mostRows) {
        this.pool = pool;
        this.mostRows = mostRows;
    }

    // ---- rows come and go

    void opened(CachedRow row) {
        open.add(row);
    }

    Collection<CachedRow> openRows() {
        return open;
    }

    void close(CachedRow row) {
        leave(row);
        open.remove(row);
        row.close();
    }

    /** Takes a row out of batch and queue; it keeps its cache. */
    void leave(CachedRow row) {
        switch (row.state) {
            case ACTIVE -> active.remove(row);
            case WAITING -> waiting.remove(row);
            case IDLE, CLOSED -> {}
        }
        row.state = State.IDLE;
    }

    /** All open rows that have something to answer wait for their turn. */
    List<CachedRow> begin() {
        for (CachedRow row : open) {
            if (row.pending) {
                row.state = State.WAITING;
                waiting.add(row);
            }
        }
        return List.copyOf(waiting);
    }

    /** Nobody generates or waits any more. */
    void end() {
        open.forEach(this::leave);
        promised = 0;
    }

    /** Rows that generate, in the order in which they entered. */
    List<CachedRow> active() {
        return active;
    }

    boolean finished() {
        return active.isEmpty() && waiting.isEmpty();
    }

    // ---- admission

    /**
     * Makes the pool large enough for the rows that will generate together, if its limit allows.
     *
     * @param longest positions that a row of this length may come to have
     */
    void provide(IntUnaryOperator longest) {
        int pages = 0;
        int rows = 0;
        for (CachedRow row : open) {
            if (row.state == State.WAITING && rows < mostRows) {
                pages += PagePool.pagesFor(longest.applyAsInt(row.length())) - sharedFullPages(row);
                rows++;
            } else {
                pages += row.cache.pages();
            }
        }
        int withReserve = pages + pages / 4 + 1;
        if (pool.canGrow(withReserve) && pages > pool.pages()) {
            open.forEach(row -> row.cache.release());
            pool.grow(withReserve);
        }
    }

    private static int sharedFullPages(CachedRow row) {
        boolean forked = !row.family().isEmpty() && row.family().getFirst() != row;
        return forked ? row.common(row.family().getFirst()) / KeyValuePages.POSITIONS : 0;
    }

    /** Lets waiting rows in while there is room. */
    void admit() {
        Iterator<CachedRow> queue = waiting.iterator();
        while (active.size() < mostRows && queue.hasNext()) {
            CachedRow row = queue.next();
            adoptLongestPrefix(row);
            if (relativeIsComputing(row)) {
                continue;
            }
            row.cache.shorten(row.length() - 1);
            if (!hasRoomFor(row)) {
                return;
            }
            queue.remove();
            enter(row);
        }
    }

    /**
     * Lets waiting rows in whose tokens are those of a row that has just been computed to its end: they choose from the same logits.
     * Those for which there is no room keep hold of the pages.
     */
    void admitTwins(CachedRow computed, Collection<CachedRow> choosing) {
        for (CachedRow row : computed.family()) {
            boolean twin = row.state == State.WAITING
                    && row.length() == computed.length()
                    && row.common(computed) == row.length();
            if (twin) {
                row.cache.share(computed.cache, computed.length());
                if (active.size() < mostRows && hasRoomFor(row)) {
                    waiting.remove(row);
                    enter(row);
                    choosing.add(row);
                }
            }
        }
    }

    private void enter(CachedRow row) {
        row.state = State.ACTIVE;
        active.add(row);
    }

    private static void adoptLongestPrefix(CachedRow row) {
        CachedRow best = null;
        int most = row.cache.positions();
        for (CachedRow relative : row.family()) {
            int shared = relative == row ? 0 : Math.min(relative.cache.positions(), row.common(relative));
            if (shared > most) {
                most = shared;
                best = relative;
            }
        }
        if (best != null) {
            row.cache.share(best.cache, most);
        }
    }

    /** Whether waiting spares work: a relative in the batch is about to compute a longer common prefix than this row has. */
    private static boolean relativeIsComputing(CachedRow row) {
        for (CachedRow relative : row.family()) {
            if (relative.state == State.ACTIVE
                    && row.common(relative) > Math.max(row.cache.positions(), relative.cache.positions())) {
                return true;
            }
        }
        return false;
    }

    private boolean hasRoomFor(CachedRow row) {
        int missing = row.cache.missing(row.length() + 1);
        // A reserve, so that the rows already there can go on for a while before they need this row's pages.
        int wanted = promised + missing + active.size() / 4;
        while (pool.freePages() < wanted && releaseIdle()) {
            // pages come back one row at a time
        }
        if (pool.freePages() < wanted && !active.isEmpty()) {
            return false;
        }
        promised += missing;
        return true;
    }

    // ---- pages

    /** Says that the rows admitted have their pages. */
    void promisesKept() {
        promised = 0;
    }

    /** Makes the next {@code count} positions of a row writable; false if the row had to give way itself. */
    boolean makeWritable(CachedRow row, int count) {
        for (int at = row.cache.firstUnwritable(count); at >= 0; at = row.cache.firstUnwritable(count)) {
            int page = pool.take();
            if (page >= 0) {
                row.cache.put(at, page);
            } else if (!makeRoom(row)) {
                return false;
            }
        }
        return true;
    }

    private boolean makeRoom(CachedRow needy) {
        if (releaseIdle() || releaseWaiting()) {
            return true;
        }
        CachedRow last = active.getLast();
        if (active.size() == 1) {
            throw new IllegalStateException("the cache of " + pool.pages() + " pages cannot hold a row of "
                    + needy.length() + " tokens: raise cacheTokens to the model's context");
        }
        last.cache.release();
        active.removeLast();
        last.state = State.WAITING;
        waiting.addFirst(last);
        return last != needy;
    }

    private boolean releaseIdle() {
        for (CachedRow row : open) {
            if (row.state == State.IDLE && row.cache.pages() > 0) {
                row.cache.release();
                return true;
            }
        }
        return false;
    }

    private boolean releaseWaiting() {
        for (Iterator<CachedRow> last = waiting.descendingIterator(); last.hasNext(); ) {
            CachedRow row = last.next();
            if (row.cache.pages() > 0) {
                row.cache.release();
                return true;
            }
        }
        return false;
    }
}
