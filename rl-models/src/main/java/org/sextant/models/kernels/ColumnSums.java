// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Work that gathers over rows, some columns to a panel: rows are added in ascending order by any number of threads. */
abstract class ColumnSums implements Threads.Panels {
    private static final int SMALL = 8 * RowWork.PANEL_ELEMENTS;

    private int rows;
    private int columns;
    private int vectorsPerPanel;

    /** Adds columns {@code first … first + count - 1} of a row to their sums. */
    abstract void add(int row, int first, int count);

    final void launch(Threads threads, int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        int vectors = Math.ceilDiv(columns, Lanes.COUNT);
        boolean small = (long) rows * columns < SMALL;
        vectorsPerPanel = small ? vectors : Math.ceilDiv(vectors, 2 * threads.count());
        threads.run(this, Math.ceilDiv(vectors, vectorsPerPanel));
    }

    @Override
    public final void panel(int index, int worker) {
        int first = index * vectorsPerPanel * Lanes.COUNT;
        int count = Math.min(columns, first + vectorsPerPanel * Lanes.COUNT) - first;
        for (int r = 0; r < rows; r++) {
            add(r, first, count);
        }
    }
}
