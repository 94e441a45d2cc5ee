// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** What {@link ReferenceKernels} does with whole tensors: numbers in and out, rows copied, added, scaled, looked up. */
abstract class ReferenceRows implements Kernels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemoryAccounts accounts = new MemoryAccounts();

    @Override
    public MemorySizes sizes() {
        return ReferenceArena.SIZES;
    }

    @Override
    public MemoryArena arena(String role) {
        return new ReferenceArena(role, accounts);
    }

    @Override
    public List<MemoryUse> memory() {
        return accounts.all();
    }

    static double[] data(Tensor t) {
        return ReferenceTensor.of(t).data();
    }

    @Override
    public double get(Tensor t, int row, int column) {
        Shapes.column(t, row, column);
        return data(t)[row * t.columns() + column];
    }

    @Override
    public void set(Tensor t, int row, int column, double value) {
        Shapes.column(t, row, column);
        ReferenceTensor.of(t).write(row * t.columns() + column, value);
    }

    @Override
    public void load(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        ReferenceTensor to = ReferenceTensor.of(t);
        int at = firstRow * t.columns();
        for (int i = 0; i < rows * t.columns(); i++) {
            to.write(at + i, floats.get(FLOAT, (long) i * Float.BYTES));
        }
    }

    @Override
    public void store(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        double[] from = data(t);
        int at = firstRow * t.columns();
        for (int i = 0; i < rows * t.columns(); i++) {
            floats.set(FLOAT, (long) i * Float.BYTES, (float) from[at + i]);
        }
    }

    @Override
    public void readRows(Tensor t, int firstRow, int rows, double[] into) {
        Shapes.rowRange(t, firstRow, rows);
        System.arraycopy(data(t), firstRow * t.columns(), into, 0, rows * t.columns());
    }

    @Override
    public void writeRows(Tensor t, int firstRow, int rows, double[] from) {
        Shapes.rowRange(t, firstRow, rows);
        for (int i = 0; i < rows * t.columns(); i++) {
            ReferenceTensor.of(t).write(firstRow * t.columns() + i, from[i]);
        }
    }

    @Override
    public void zero(Tensor t, int rows) {
        Shapes.elements(t, rows);
        Arrays.fill(data(t), 0, rows * t.columns(), 0);
    }

    @Override
    public void copy(Tensor from, Tensor to, int rows) {
        Shapes.pairs(from, to, rows);
        for (int i = 0; i < rows * from.columns(); i++) {
            ReferenceTensor.of(to).write(i, data(from)[i]);
        }
    }

    @Override
    public void add(Tensor x, Tensor y, int rows) {
        Shapes.pairs(x, y, rows);
        Shapes.trainable(x);
        Shapes.trainable(y);
        ReferenceLinear.addScaled(1, data(x), 0, data(y), 0, rows * x.columns());
    }

    @Override
    public void scale(Tensor t, int rows, double factor) {
        Shapes.elements(t, rows);
        Shapes.trainable(t);
        double[] numbers = data(t);
        for (int i = 0; i < rows * t.columns(); i++) {
            numbers[i] *= factor;
        }
    }

    @Override
    public void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y) {
        Shapes.lookUp(x, rowIndex, n, y);
        for (int i = 0; i < n; i++) {
            System.arraycopy(data(x), rowIndex[i] * x.columns(), data(y), i * x.columns(), x.columns());
        }
    }

    @Override
    public void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x) {
        Shapes.lookUp(x, rowIndex, n, y);
        Shapes.trainable(x);
        int columns = x.columns();
        for (int i = 0; i < n; i++) {
            ReferenceLinear.addScaled(1, data(y), i * columns, data(x), rowIndex[i] * columns, columns);
        }
    }

    @Override
    public void addRows(Tensor table, int[] rowIndex, int n, Tensor y) {
        Shapes.lookUp(table, rowIndex, n, y);
        int columns = table.columns();
        for (int i = 0; i < n; i++) {
            ReferenceLinear.addScaled(1, data(table), rowIndex[i] * columns, data(y), i * columns, columns);
        }
    }

    @Override
    public void dropout(Tensor x, int rows, double probability, long seed, Tensor y) {
        Shapes.dropout(x, rows, probability, y);
        for (int i = 0; i < rows * x.columns(); i++) {
            data(y)[i] = data(x)[i] * dropFactor(i, x.columns(), probability, seed);
        }
    }

    @Override
    public void dropoutBackward(Tensor dy, int rows, double probability, long seed, Tensor dx) {
        Shapes.dropout(dy, rows, probability, dx);
        for (int i = 0; i < rows * dy.columns(); i++) {
            data(dx)[i] += data(dy)[i] * dropFactor(i, dy.columns(), probability, seed);
        }
    }

    private static double dropFactor(int i, int columns, double probability, long seed) {
        long key = DropoutHash.key(seed, i / columns);
        return DropoutHash.keeps(key, i % columns, DropoutHash.threshold(probability)) ? 1 / (1 - probability) : 0;
    }

    @Override
    public void embed(int[] ids, int rows, Tensor table, Tensor y) {
        gatherRows(table, ids, rows, y);
    }

    @Override
    public void embedBackward(int[] ids, int rows, Tensor dy, Tensor dTable) {
        scatterAddRows(dy, ids, rows, dTable);
    }

    @Override
    public int firstNonFiniteRow(Tensor t, int rows) {
        Shapes.rows(t, rows);
        double[] numbers = data(t);
        for (int i = 0; i < rows * t.columns(); i++) {
            if (!Double.isFinite(numbers[i])) {
                return i / t.columns();
            }
        }
        return -1;
    }
}
