// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows of weights in and out of panels. A panel is finished before the next, so that it stays in the cache. */
final class PanelRows {
    private static final int WIDTH = GemmTiles.WIDTH;
    private static final int STEP = WIDTH * Float.BYTES;

    /** Inputs moved at once: a cache line of a row. */
    private static final int INPUTS = 16;

    private PanelRows() {}

    static void load(VectorWeight w, int firstRow, int rows, MemorySegment floats, ValueLayout.OfFloat layout) {
        for (int first = 0; first < rows; first = nextPanel(firstRow, first, rows)) {
            int end = nextPanel(firstRow, first, rows);
            for (int k = 0; k < w.columns(); k += INPUTS) {
                int endInput = Math.min(w.columns(), k + INPUTS);
                for (int r = first; r < end; r++) {
                    long from = (long) r * w.columns() * Float.BYTES;
                    for (int i = k; i < endInput; i++) {
                        w.set(firstRow + r, i, floats.get(layout, from + (long) i * Float.BYTES));
                    }
                }
            }
        }
    }

    static void store(VectorWeight w, int firstRow, int rows, MemorySegment floats, ValueLayout.OfFloat layout) {
        for (int first = 0; first < rows; first = nextPanel(firstRow, first, rows)) {
            int end = nextPanel(firstRow, first, rows);
            for (int k = 0; k < w.columns(); k += INPUTS) {
                int endInput = Math.min(w.columns(), k + INPUTS);
                for (int r = first; r < end; r++) {
                    long to = (long) r * w.columns() * Float.BYTES;
                    for (int i = k; i < endInput; i++) {
                        floats.set(layout, to + (long) i * Float.BYTES, w.get(firstRow + r, i));
                    }
                }
            }
        }
    }

    private static int nextPanel(int firstRow, int row, int rows) {
        return Math.min(rows, ((firstRow + row) / WIDTH + 1) * WIDTH - firstRow);
    }

    /** {@code y = w[row]}. */
    static void copy(VectorWeight w, int row, long y) {
        if (w.isHalf()) {
            for (int i = 0; i < w.columns(); i++) {
                Lanes.set(y + (long) i * Float.BYTES, w.get(row, i));
            }
            return;
        }
        long from = w.panel(row, 0) + (long) (row % WIDTH) * Float.BYTES;
        for (int i = 0; i < w.columns(); i++) {
            Lanes.set(y + (long) i * Float.BYTES, Lanes.get(from + (long) i * STEP));
        }
    }

    /** {@code y += w[row]}. */
    static void addTo(VectorWeight w, int row, long y) {
        for (int i = 0; i < w.columns(); i++) {
            long at = y + (long) i * Float.BYTES;
            Lanes.set(at, Lanes.get(at) + w.get(row, i));
        }
    }

    /** {@code w[row] += y}, for a weight of floats. */
    static void addFrom(long y, VectorWeight w, int row) {
        long to = w.panel(row, 0) + (long) (row % WIDTH) * Float.BYTES;
        for (int i = 0; i < w.columns(); i++) {
            long at = to + (long) i * STEP;
            Lanes.set(at, Lanes.get(at) + Lanes.get(y + (long) i * Float.BYTES));
        }
    }
}
