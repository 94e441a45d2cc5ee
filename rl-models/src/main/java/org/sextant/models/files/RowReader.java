// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter.Form;

/**
 * Brings the data of one tensor of a file to its rows in memory, a block of rows at a time; a number that is not finite is an error. Holds the
 * blocks, for one thread.
 */
final class RowReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Numbers in a block: they stay in the processor's second-level cache from the file to the weights. */
    private static final int BLOCK = 1 << 17;
    /** Rows of which a block has a multiple: weights lie in memory in panels of as many. */
    private static final int PANEL = 32;
    /** Rows of a block where the file is transposed: as many numbers as are read in one piece. */
    private static final int TRANSPOSED_ROWS = 64;

    /** A number of a tensor that no weight may be, with its place in the tensor as files have it. */
    static final class NotFinite extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotFinite(List<Integer> place, double number) {
            super("number " + place + " is " + number);
        }
    }

    private final Kernels kernels;
    private float[] block = new float[BLOCK];
    private float[] run = new float[TRANSPOSED_ROWS];
    private short[] halves = new short[BLOCK];

    RowReader(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * @param bytes of a tensor of the type and of the shape that the rows have in files
     * @throws NotFinite if a number is infinite or none, or too large for the kernels
     */
    void read(ElementType type, MemorySegment bytes, TensorRows rows) {
        boolean transposed = rows.form() == Form.TRANSPOSED;
        if (type == ElementType.F64) {
            readDoubles(bytes, rows, transposed);
        } else {
            readBlocks(type, bytes, rows, transposed);
        }
    }

    private void readBlocks(ElementType type, MemorySegment bytes, TensorRows rows, boolean transposed) {
        int columns = rows.columns();
        int most = transposed ? TRANSPOSED_ROWS : Math.max(BLOCK / columns / PANEL, 1) * PANEL;
        makeRoom(Math.multiplyExact(Math.min(most, rows.rows()), columns));
        for (int row = 0; row < rows.rows(); row += most) {
            int count = Math.min(most, rows.rows() - row);
            if (transposed) {
                gather(type, bytes, rows, row, count);
            } else {
                widen(type, bytes, (long) row * columns, block, count * columns);
            }
            requireFinite(rows, row, count * columns);
            kernels.load(rows.tensor(), rows.firstRow() + row, count, MemorySegment.ofArray(block));
        }
    }

    private void requireFinite(TensorRows rows, int firstRow, int count) {
        float largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, Math.abs(block[i]));
        }
        if (largest <= Float.MAX_VALUE) {
            return;
        }
        int at = 0;
        while (Math.abs(block[at]) <= Float.MAX_VALUE) {
            at++;
        }
        throw new NotFinite(rows.place(firstRow + at / rows.columns(), at % rows.columns()), block[at]);
    }

    private void makeRoom(int numbers) {
        if (numbers > block.length) {
            block = new float[numbers];
            halves = new short[numbers];
        }
    }

    /** Each row of the file is a column here: a run of it lies beside the run of the row before. */
    private void gather(ElementType type, MemorySegment bytes, TensorRows rows, int firstRow, int count) {
        int columns = rows.columns();
        for (int c = 0; c < columns; c++) {
            widen(type, bytes, (long) c * rows.rows() + firstRow, run, count);
            for (int r = 0; r < count; r++) {
                block[r * columns + c] = run[r];
            }
        }
    }

    private void widen(ElementType type, MemorySegment bytes, long first, float[] into, int count) {
        if (type == ElementType.F32) {
            MemorySegment.copy(bytes, FLOAT, first * Float.BYTES, into, 0, count);
        } else {
            MemorySegment.copy(bytes, SHORT, first * Short.BYTES, halves, 0, count);
            HalfNumbers.widen(type, halves, into, count);
        }
    }

    private void readDoubles(MemorySegment bytes, TensorRows rows, boolean transposed) {
        double[] row = new double[rows.columns()];
        double largest = TensorWriter.precision(kernels) == ElementType.F64 ? Double.MAX_VALUE : Float.MAX_VALUE;
        for (int r = 0; r < rows.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                long at = transposed ? (long) c * rows.rows() + r : (long) r * row.length + c;
                row[c] = bytes.get(DOUBLE, at * Double.BYTES);
                if (!(Math.abs(row[c]) <= largest)) {
                    throw new NotFinite(rows.place(r, c), row[c]);
                }
            }
            kernels.writeRow(rows.tensor(), rows.firstRow() + r, row);
        }
    }
}
