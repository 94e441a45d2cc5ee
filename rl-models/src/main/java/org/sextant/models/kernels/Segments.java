// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;

/**
 * Which rows of an activation matrix belong to which sequence. Segment {@code s} covers rows {@code firstRow(s)} to
 * {@code firstRow(s) + rows(s) - 1}; its first row is at position {@code past(s)} of its sequence, whose keys and
 * values lie in the pages of {@code pageTable(s)}. Reused from call to call: {@link #clear()}, then {@link #add}.
 */
public final class Segments {
    private int count;
    private int totalRows;
    private int[] firstRow = new int[16];
    private int[] rows = new int[16];
    private int[] past = new int[16];
    private int[][] pageTable = new int[16][];

    /** Forgets all segments; keeps the memory. */
    public void clear() {
        count = 0;
        totalRows = 0;
    }

    /**
     * Appends a segment of {@code rows} rows after the last one.
     *
     * @param past positions of the sequence already in the pages
     * @param pageTable page numbers of the sequence, enough for {@code past + rows} positions; kept by reference
     */
    public void add(int rows, int past, int[] pageTable) {
        if ((long) pageTable.length * KeyValuePages.POSITIONS < (long) past + rows) {
            throw new IllegalArgumentException(
                    "page table of " + pageTable.length + " pages cannot hold " + (past + rows) + " positions");
        }
        if (count == firstRow.length) {
            grow();
        }
        firstRow[count] = totalRows;
        this.rows[count] = rows;
        this.past[count] = past;
        this.pageTable[count] = pageTable;
        count++;
        totalRows += rows;
    }

    private void grow() {
        int larger = 2 * count;
        firstRow = Arrays.copyOf(firstRow, larger);
        rows = Arrays.copyOf(rows, larger);
        past = Arrays.copyOf(past, larger);
        pageTable = Arrays.copyOf(pageTable, larger);
    }

    public int count() {
        return count;
    }

    /** Rows of all segments together. */
    public int totalRows() {
        return totalRows;
    }

    public int firstRow(int segment) {
        return firstRow[segment];
    }

    public int rows(int segment) {
        return rows[segment];
    }

    public int past(int segment) {
        return past[segment];
    }

    public int[] pageTable(int segment) {
        return pageTable[segment];
    }
}
