// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.function.IntConsumer;
import org.sextant.models.kernels.Segments;

/**
 * Neighbouring segments whose attention is computed at once, filled up to one number of rows and one of positions. A row that fills up is a
 * copy of one of its own sequence at position −1: it sees nothing, and a number in it that is none goes to no other sequence.
 *
 * @param firstSegment the first of them
 * @param realSegments how many
 * @param segments how many with those that fill up
 * @param firstRow of the first in the activations
 * @param totalRows of all
 * @param rows of the longest, rounded up
 * @param positions that the last row of any sees, rounded up
 * @param at where its numbers begin in the plan: per filled-up row its row in the activations, then its position; per filled-up position its
 *     slot; per row its filled-up row
 */
record AttentionChunk(
        int firstSegment,
        int realSegments,
        int segments,
        int firstRow,
        int totalRows,
        int rows,
        int positions,
        int at) {
    /** Most scores of a head in a chunk, unless a single segment has more. */
    private static final long MOST_SCORES = 1 << 20;

    /** Index after the last segment of the chunk that begins with {@code first}. */
    static int end(Segments segments, int first) {
        int to = first;
        long real = 0;
        int rows = 0;
        int positions = 0;
        while (to < segments.count()) {
            int r = Math.max(rows, segments.rows(to));
            int p = Math.max(positions, segments.past(to) + segments.rows(to));
            real += (long) segments.rows(to) * (segments.past(to) + segments.rows(to));
            long filled = (long) (to - first + 1) * r * p;
            if (to > first && (filled > MOST_SCORES || filled > 2 * real)) {
                break;
            }
            rows = r;
            positions = p;
            to++;
        }
        return to;
    }

    static AttentionChunk of(Segments segments, int first, int to, int at) {
        int rows = 0;
        int positions = 0;
        int total = 0;
        for (int s = first; s < to; s++) {
            rows = Math.max(rows, segments.rows(s));
            positions = Math.max(positions, segments.past(s) + segments.rows(s));
            total += segments.rows(s);
        }
        return new AttentionChunk(
                first,
                to - first,
                Sizes.rounded(to - first),
                segments.firstRow(first),
                total,
                Sizes.rounded(rows),
                Sizes.rounded(positions),
                at);
    }

    /** Whether nothing is filled up, so that rows can be read and written where they are. */
    boolean isDense() {
        return filledRows() == totalRows;
    }

    int filledRows() {
        return segments * rows;
    }

    int filledPositions() {
        return segments * positions;
    }

    int rowsAt() {
        return at;
    }

    int rowPositionsAt() {
        return at + filledRows();
    }

    int slotsAt() {
        return at + 2 * filledRows();
    }

    int filledAt() {
        return slotsAt() + filledPositions();
    }

    /** One that fills up is a copy of the last. */
    private int segment(int index) {
        return firstSegment + Math.min(index, realSegments - 1);
    }

    private boolean isReal(Segments all, int filledRow) {
        return filledRow / rows < realSegments && filledRow % rows < all.rows(segment(filledRow / rows));
    }

    /** The numbers of the plan, in order. */
    void forEachNumber(Segments all, IntConsumer use) {
        for (int i = 0; i < filledRows(); i++) {
            int s = segment(i / rows);
            use.accept(all.rows(s) == 0 ? firstRow : all.firstRow(s) + (isReal(all, i) ? i % rows : 0));
        }
        for (int i = 0; i < filledRows(); i++) {
            use.accept(isReal(all, i) ? all.past(segment(i / rows)) + i % rows : -1);
        }
        for (int i = 0; i < filledPositions(); i++) {
            int s = segment(i / positions);
            int last = all.past(s) + all.rows(s) - 1;
            use.accept(last < 0 ? 0 : Nd4jPages.slot(all.pageTable(s), Math.min(i % positions, last)));
        }
        for (int s = firstSegment; s < firstSegment + realSegments; s++) {
            for (int r = 0; r < all.rows(s); r++) {
                use.accept((s - firstSegment) * rows + r);
            }
        }
        for (int r = totalRows; r < Sizes.rounded(totalRows); r++) {
            use.accept(0);
        }
    }
}
