// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Rows of a table by index, copied or added. */
final class VectorLookUp extends RowWork {
    private final Threads threads;
    private VectorMemory table;
    private int[] index;
    private VectorTensor y;
    private boolean adds;

    VectorLookUp(Threads threads) {
        this.threads = threads;
    }

    /** {@code y[i] = table[index[i]]}. */
    void copy(VectorMemory table, int[] index, int n, VectorTensor y) {
        run(table, index, n, y, false);
    }

    /** {@code y[i] += table[index[i]]}. */
    void add(VectorMemory table, int[] index, int n, VectorTensor y) {
        run(table, index, n, y, true);
    }

    private void run(VectorMemory table, int[] index, int n, VectorTensor y, boolean adds) {
        this.table = table;
        this.index = index;
        this.y = y;
        this.adds = adds;
        launch(threads, n, table.columns());
        this.table = null;
        this.index = null;
        this.y = null;
    }

    @Override
    void rows(int from, int to, int worker) {
        switch (table) {
            case VectorTensor own -> rows(own, from, to);
            case VectorWeight own -> rows(own, from, to);
        }
    }

    private void rows(VectorTensor own, int from, int to) {
        for (int r = from; r < to; r++) {
            if (adds) {
                VectorElementwise.add(own.address(index[r], 0), y.address(r, 0), own.columns());
            } else {
                Lanes.copy(own.address(index[r], 0), y.address(r, 0), own.columns());
            }
        }
    }

    private void rows(VectorWeight own, int from, int to) {
        for (int r = from; r < to; r++) {
            if (adds) {
                PanelRows.addTo(own, index[r], y.address(r, 0));
            } else {
                PanelRows.copy(own, index[r], y.address(r, 0));
            }
        }
    }
}
