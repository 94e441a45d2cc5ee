// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** The right operands of products with weights. Each is made once and set before a product. */
final class RightOperands {
    private static final int WIDTH = GemmTiles.WIDTH;

    private RightOperands() {}

    /** wᵀ [in, out] of {@code x·wᵀ}: the panels as they are, BF16 widened. */
    static final class Panels implements RightOperand {
        private VectorWeight w;

        Panels of(VectorWeight w) {
            this.w = w;
            return this;
        }

        @Override
        public void copy(int k, int depth, int column, float[] right) {
            copyPanel(w, column, k, depth, right);
        }

        @Override
        public long inPlace(int k, int column) {
            return w.panel(column, k);
        }

        @Override
        public boolean isHalf() {
            return w.isHalf();
        }
    }

    /** Copies inputs {@code k … k + depth - 1} of the panel of output {@code row}, as floats. */
    static void copyPanel(VectorWeight w, int row, int k, int depth, float[] to) {
        long from = w.panel(row, k);
        if (w.isHalf()) {
            widen(from, depth, to);
        } else {
            Lanes.copy(from, to, 0, depth * WIDTH);
        }
    }

    private static void widen(long from, int depth, float[] right) {
        for (int i = 0; i < depth; i++) {
            IntVector pairs = Lanes.loadInts(from + (long) i * Lanes.BYTES);
            Lanes.lowerHalves(pairs).intoArray(right, i * WIDTH);
            Lanes.upperHalves(pairs).intoArray(right, i * WIDTH + Lanes.COUNT);
        }
    }

    /** dy [rows, out] of {@code xᵀ·dy}: columns of a row-major matrix. */
    static final class Columns implements RightOperand {
        private long address;
        private long stride;
        private int columns;

        /**
         * @param address of the first column's first element
         * @param rowFloats numbers from a row to the next
         */
        Columns of(long address, int rowFloats, int columns) {
            this.address = address;
            this.stride = (long) rowFloats * Float.BYTES;
            this.columns = columns;
            return this;
        }

        @Override
        public void copy(int k, int depth, int column, float[] right) {
            long from = address + k * stride + (long) column * Float.BYTES;
            int width = columns - column;
            if (width >= WIDTH) {
                copyStrip(from, stride, depth, right);
                return;
            }
            Arrays.fill(right, 0, depth * WIDTH, 0);
            for (int i = 0; i < depth; i++) {
                Lanes.copy(from + i * stride, right, i * WIDTH, width);
            }
        }
    }

    private static void copyStrip(long from, long stride, int depth, float[] right) {
        for (int i = 0; i < depth; i++) {
            FloatVector first = Lanes.load(from + i * stride);
            FloatVector second = Lanes.load(from + i * stride + Lanes.BYTES);
            first.intoArray(right, i * WIDTH);
            second.intoArray(right, i * WIDTH + Lanes.COUNT);
        }
    }
}
