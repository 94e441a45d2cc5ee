// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Parameter.Form;

/** Writes rows in memory as the data of one tensor of a file, a block of rows at a time. For one thread. */
final class RowWriter {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Numbers in a block. */
    private static final int BLOCK = 1 << 17;

    private static final long MOST_BYTES_AT_ONCE = 1 << 30;

    private final Kernels kernels;
    private final ElementType type;

    RowWriter(Kernels kernels, ElementType type) {
        this.kernels = kernels;
        this.type = type;
    }

    /** @throws ModelFileException if a number is too large for the type */
    void write(FileChannel channel, TensorRows rows) throws IOException {
        int atOnce = Math.clamp(BLOCK / rows.columns(), 1, rows.rows());
        boolean transposed = rows.form() == Form.TRANSPOSED;
        try (Arena arena = Arena.ofConfined()) {
            // What is transposed is a projection of one block, never a table of the vocabulary: it is turned as a
            // whole.
            MemorySegment whole = transposed ? arena.allocate(rows.numbers() * type.bytes()) : null;
            MemorySegment block = arena.allocate((long) atOnce * rows.columns() * type.bytes());
            for (int row = 0; row < rows.rows(); row += atOnce) {
                int count = Math.min(atOnce, rows.rows() - row);
                convert(rows, row, count, block);
                if (transposed) {
                    turn(block, count, rows, row, whole);
                } else {
                    write(channel, block.asSlice(0, (long) count * rows.columns() * type.bytes()));
                }
            }
            if (transposed) {
                write(channel, whole);
            }
        }
    }

    private static void write(FileChannel channel, MemorySegment data) throws IOException {
        for (long at = 0; at < data.byteSize(); at += MOST_BYTES_AT_ONCE) {
            long bytes = Math.min(MOST_BYTES_AT_ONCE, data.byteSize() - at);
            WholeFile.writeFully(channel, data.asSlice(at, bytes).asByteBuffer());
        }
    }

    private void convert(TensorRows rows, int row, int count, MemorySegment into) {
        switch (type) {
            case F32 -> kernels.store(rows.tensor(), rows.firstRow() + row, count, into);
            case F64 -> {
                double[] numbers = new double[rows.columns()];
                for (int r = 0; r < count; r++) {
                    kernels.readRow(rows.tensor(), rows.firstRow() + row + r, numbers);
                    MemorySegment.copy(
                            numbers, 0, into, DOUBLE, (long) r * numbers.length * Double.BYTES, numbers.length);
                }
            }
            default -> {
                float[] numbers = new float[count * rows.columns()];
                short[] halves = new short[numbers.length];
                kernels.store(rows.tensor(), rows.firstRow() + row, count, MemorySegment.ofArray(numbers));
                if (HalfNumbers.overflows(type, numbers, numbers.length)) {
                    throw new ModelFileException(rows.name() + " has a number that is too large for " + type
                            + ": save the" + " weights as " + (type == ElementType.F16 ? "BF16 or F32" : "F32"));
                }
                HalfNumbers.narrow(type, numbers, halves, numbers.length);
                MemorySegment.copy(halves, 0, into, SHORT, 0, halves.length);
            }
        }
    }

    private void turn(MemorySegment block, int count, TensorRows rows, int firstRow, MemorySegment whole) {
        int columns = rows.columns();
        for (int c = 0; c < columns; c++) {
            long to = (long) c * rows.rows() + firstRow;
            for (int r = 0; r < count; r++) {
                long from = (long) r * columns + c;
                switch (type.bytes()) {
                    case Short.BYTES -> whole.set(SHORT, (to + r) * Short.BYTES, block.get(SHORT, from * Short.BYTES));
                    case Float.BYTES -> whole.set(FLOAT, (to + r) * Float.BYTES, block.get(FLOAT, from * Float.BYTES));
                    default -> whole.set(DOUBLE, (to + r) * Double.BYTES, block.get(DOUBLE, from * Double.BYTES));
                }
            }
        }
    }
}
