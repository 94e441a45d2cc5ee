// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Segments;

/**
 * What primitives need to know of segments, on the backend: positions and slots of rows, and the chunks of attention. It goes over once for
 * segments that are asked for again, layer after layer.
 */
final class SegmentPlan {
    private final Nd4jArena arena;
    private final Transfers transfers;
    private INDArray store;
    private int[] numbers = new int[0];
    private int used;
    private int[] content = new int[0];
    private int contentLength;
    private int rows;
    private int positionsAt;
    private int slotsAt;
    private List<AttentionChunk> chunks = List.of();

    SegmentPlan(Nd4jArena arena, Transfers transfers) {
        this.arena = arena;
        this.transfers = transfers;
    }

    /** Makes it the plan of these segments. */
    void of(Segments segments) {
        int[] wanted = contentOf(segments);
        int length = wanted.length;
        if (length == contentLength && Arrays.equals(wanted, 0, length, content, 0, length) && store != null) {
            return;
        }
        contentLength = 0;
        rows = segments.totalRows();
        used = 0;
        positionsAt = used;
        forEachRow(segments, (segment, position) -> append(position));
        for (int r = rows; r < Sizes.rounded(rows); r++) {
            append(0);
        }
        slotsAt = used;
        forEachRow(segments, (segment, position) -> append(Nd4jPages.slot(segments.pageTable(segment), position)));
        chunks = chunked(segments);
        if (store == null || store.length() < used) {
            renew();
        }
        transfers.write(store, numbers, used);
        content = wanted;
        contentLength = length;
    }

    private void renew() {
        if (store != null) {
            arena.giveBack(store, store.length() * Integer.BYTES);
        }
        long length = Math.max(1024, Integer.highestOneBit(Math.max(1, used - 1)) * 2L);
        store = arena.made("segments", DataType.INT32, length * Integer.BYTES, length);
    }

    private interface RowUse {
        void row(int segment, int position);
    }

    private static void forEachRow(Segments segments, RowUse use) {
        for (int s = 0; s < segments.count(); s++) {
            for (int r = 0; r < segments.rows(s); r++) {
                use.row(s, segments.past(s) + r);
            }
        }
    }

    /** All that the plan depends on. */
    private static int[] contentOf(Segments segments) {
        int length = 0;
        for (int s = 0; s < segments.count(); s++) {
            length += 2 + segments.pageTable(s).length;
        }
        int[] all = new int[length];
        int at = 0;
        for (int s = 0; s < segments.count(); s++) {
            int[] table = segments.pageTable(s);
            all[at++] = segments.rows(s);
            all[at++] = segments.past(s);
            System.arraycopy(table, 0, all, at, table.length);
            at += table.length;
        }
        return all;
    }

    private void append(int number) {
        if (used == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(1024, 2 * used));
        }
        numbers[used++] = number;
    }

    /** Neighbours share a chunk as long as filling them up to one size does not double the work. */
    private List<AttentionChunk> chunked(Segments segments) {
        List<AttentionChunk> all = new ArrayList<>();
        int first = 0;
        while (first < segments.count()) {
            int to = AttentionChunk.end(segments, first);
            AttentionChunk chunk = AttentionChunk.of(segments, first, to, used);
            chunk.forEachNumber(segments, this::append);
            all.add(chunk);
            first = to;
        }
        return all;
    }

    /** Position of each row in its sequence; zeros up to the next {@link Sizes#rounded} number. */
    INDArray positions() {
        return numbers(positionsAt, Sizes.rounded(rows));
    }

    /** Slot of each row's key and value. */
    INDArray slots() {
        return numbers(slotsAt, rows);
    }

    /** The largest position, as the host knows it. */
    int lastPosition() {
        int last = 0;
        for (int i = 0; i < rows; i++) {
            last = Math.max(last, numbers[positionsAt + i]);
        }
        return last;
    }

    /** Slot of one row, as the host knows it. */
    int slot(int row) {
        return numbers[slotsAt + row];
    }

    INDArray numbers(int at, int count) {
        return Views.vector(store, at, count);
    }

    /** The same as a matrix of one column. */
    INDArray column(int at, int count) {
        return Views.matrix(store, at, count, 1);
    }

    List<AttentionChunk> chunks() {
        return chunks;
    }
}
