// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter.Form;

/** Brings the data of one tensor of a file to its rows in memory, a block of rows at a time. Holds the blocks, for one thread. */
final class RowReader {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Numbers in a block: they stay in the processor's second-level cache from the file to the weights. */
    private static final int BLOCK = 1 << 17;
    /** Rows of a block where the file is transposed: as many numbers as are read in one piece. */
    private static final int TRANSPOSED_ROWS = 64;

    private final Kernels kernels;
    private float[] block = new float[BLOCK];
    private float[] run = new float[TRANSPOSED_ROWS];
    private short[] halves = new short[BLOCK];

    RowReader(Kernels kernels) {
        this.kernels = kernels;
    }

    /** @param bytes of a tensor of the type and of the shape that the rows have in files */
    void read(ElementType type, MemorySegment bytes, TensorRows rows) {
        boolean transposed = rows.form() == Form.TRANSPOSED;
        if (type == ElementType.F64) {
            readDoubles(bytes, rows, transposed);
        } else if (type == ElementType.F32 && !transposed) {
            kernels.load(rows.tensor(), rows.firstRow(), rows.rows(), bytes);
        } else {
            readBlocks(type, bytes, rows, transposed);
        }
    }

    private void readBlocks(ElementType type, MemorySegment bytes, TensorRows rows, boolean transposed) {
        int columns = rows.columns();
        int most = transposed ? TRANSPOSED_ROWS : Math.max(BLOCK / columns, 1);
        makeRoom(Math.multiplyExact(Math.min(most, rows.rows()), columns));
        for (int row = 0; row < rows.rows(); row += most) {
            int count = Math.min(most, rows.rows() - row);
            if (transposed) {
                gather(type, bytes, rows, row, count);
            } else {
                widen(type, bytes, (long) row * columns, block, count * columns);
            }
            kernels.load(rows.tensor(), rows.firstRow() + row, count, MemorySegment.ofArray(block));
        }
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
        for (int r = 0; r < rows.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                long at = transposed ? (long) c * rows.rows() + r : (long) r * row.length + c;
                row[c] = bytes.get(DOUBLE, at * Double.BYTES);
            }
            kernels.writeRow(rows.tensor(), rows.firstRow() + r, row);
        }
    }
}
