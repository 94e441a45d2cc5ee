// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows of weights in and out of panels, which are turned in blocks that stay in the first-level cache. */
final class PanelRows {
    private static final int WIDTH = GemmTiles.WIDTH;
    private static final int HALF = WIDTH / 2;
    private static final int STEP = WIDTH * Float.BYTES;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** Inputs moved at once. */
    private static final int INPUTS = 128;

    private PanelRows() {}

    static void load(VectorWeight w, int firstRow, int rows, MemorySegment floats, ValueLayout.OfFloat layout) {
        float[] block = new float[WIDTH * INPUTS];
        float[] panel = new float[WIDTH * INPUTS];
        int[] pairs = new int[HALF * INPUTS];
        for (int first = 0; first < rows; first = nextPanel(firstRow, first, rows)) {
            int outputs = nextPanel(firstRow, first, rows) - first;
            for (int k = 0; k < w.columns(); k += INPUTS) {
                int inputs = Math.min(INPUTS, w.columns() - k);
                for (int r = 0; r < outputs; r++) {
                    long from = (long) (first + r) * w.columns() + k;
                    MemorySegment.copy(floats, layout, from * Float.BYTES, block, r * INPUTS, inputs);
                }
                long to = w.panel(firstRow + first, k);
                if (outputs < WIDTH) {
                    set(w, firstRow + first, outputs, k, inputs, block);
                } else if (w.isHalf()) {
                    turnHalves(block, inputs, pairs);
                    MemorySegment.copy(pairs, 0, memory(to, HALF * inputs), INT, 0, HALF * inputs);
                } else {
                    turn(block, inputs, panel);
                    MemorySegment.copy(panel, 0, memory(to, WIDTH * inputs), FLOAT, 0, WIDTH * inputs);
                }
            }
        }
    }

    private static void set(VectorWeight w, int row, int outputs, int column, int inputs, float[] block) {
        for (int r = 0; r < outputs; r++) {
            for (int i = 0; i < inputs; i++) {
                w.set(row + r, column + i, block[r * INPUTS + i]);
            }
        }
    }

    private static void turn(float[] block, int inputs, float[] panel) {
        for (int i = 0; i < inputs; i++) {
            for (int lane = 0; lane < WIDTH; lane++) {
                panel[i * WIDTH + lane] = block[lane * INPUTS + i];
            }
        }
    }

    private static void turnHalves(float[] block, int inputs, int[] pairs) {
        for (int i = 0; i < inputs; i++) {
            for (int lane = 0; lane < HALF; lane++) {
                int lower = Bfloat16.bits(block[lane * INPUTS + i]);
                int upper = Bfloat16.bits(block[(lane + HALF) * INPUTS + i]);
                pairs[i * HALF + lane] = lower | upper << 16;
            }
        }
    }

    static void store(VectorWeight w, int firstRow, int rows, MemorySegment floats, ValueLayout.OfFloat layout) {
        float[] block = new float[WIDTH * INPUTS];
        float[] panel = new float[WIDTH * INPUTS];
        int[] pairs = new int[HALF * INPUTS];
        for (int first = 0; first < rows; first = nextPanel(firstRow, first, rows)) {
            int outputs = nextPanel(firstRow, first, rows) - first;
            for (int k = 0; k < w.columns(); k += INPUTS) {
                int inputs = Math.min(INPUTS, w.columns() - k);
                long from = w.panel(firstRow + first, k);
                if (outputs < WIDTH) {
                    get(w, firstRow + first, outputs, k, inputs, block);
                } else if (w.isHalf()) {
                    MemorySegment.copy(memory(from, HALF * inputs), INT, 0, pairs, 0, HALF * inputs);
                    widen(pairs, inputs, panel);
                    turnBack(panel, inputs, block);
                } else {
                    MemorySegment.copy(memory(from, WIDTH * inputs), FLOAT, 0, panel, 0, WIDTH * inputs);
                    turnBack(panel, inputs, block);
                }
                for (int r = 0; r < outputs; r++) {
                    long to = (long) (first + r) * w.columns() + k;
                    MemorySegment.copy(block, r * INPUTS, floats, layout, to * Float.BYTES, inputs);
                }
            }
        }
    }

    private static void get(VectorWeight w, int row, int outputs, int column, int inputs, float[] block) {
        for (int r = 0; r < outputs; r++) {
            for (int i = 0; i < inputs; i++) {
                block[r * INPUTS + i] = w.get(row + r, column + i);
            }
        }
    }

    private static void turnBack(float[] panel, int inputs, float[] block) {
        for (int i = 0; i < inputs; i++) {
            for (int lane = 0; lane < WIDTH; lane++) {
                block[lane * INPUTS + i] = panel[i * WIDTH + lane];
            }
        }
    }

    private static void widen(int[] pairs, int inputs, float[] panel) {
        for (int i = 0; i < inputs; i++) {
            for (int lane = 0; lane < HALF; lane++) {
                panel[i * WIDTH + lane] = Bfloat16.value(pairs[i * HALF + lane]);
                panel[i * WIDTH + HALF + lane] = Bfloat16.value(pairs[i * HALF + lane] >>> 16);
            }
        }
    }

    private static MemorySegment memory(long address, int words) {
        return Lanes.segment(address, (long) words * Float.BYTES);
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
