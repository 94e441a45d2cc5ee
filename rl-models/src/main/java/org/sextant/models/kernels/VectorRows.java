// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What {@link VectorKernels} does with whole tensors: memory for them, numbers in and out, rows copied, added, scaled
 * and looked up. The layers of a model are its subclass's.
 */
abstract class VectorRows implements Kernels {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final Threads threads;
    final VectorArena own;
    private final MemoryAccounts accounts = new MemoryAccounts();
    private final VectorElementwise elementwise;

    /** Starts {@code threads - 1} daemon threads; {@link #close()} ends them. */
    VectorRows(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least 1 is needed");
        }
        this.threads = new Threads(threads);
        own = new VectorArena("kernels", accounts);
        elementwise = new VectorElementwise(this.threads);
    }

    @Override
    public int threads() {
        return threads.count();
    }

    @Override
    public MemoryArena arena(String role) {
        return new VectorArena(role, accounts);
    }

    @Override
    public List<MemoryUse> memory() {
        return accounts.all();
    }

    private static long bytes(int rows, Tensor t) {
        return (long) rows * t.columns() * Float.BYTES;
    }

    @Override
    public double get(Tensor t, int row, int column) {
        Shapes.column(t, row, column);
        return Lanes.get(VectorTensor.of(t).address(row, column));
    }

    @Override
    public void set(Tensor t, int row, int column, double value) {
        Shapes.column(t, row, column);
        Lanes.set(VectorTensor.of(t).address(row, column), (float) value);
    }

    @Override
    public void load(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        MemorySegment to = Lanes.segment(VectorTensor.of(t).address(firstRow, 0), bytes(rows, t));
        MemorySegment.copy(floats, LITTLE_ENDIAN, 0, to, ValueLayout.JAVA_FLOAT, 0, (long) rows * t.columns());
    }

    @Override
    public void store(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        MemorySegment from = Lanes.segment(VectorTensor.of(t).address(firstRow, 0), bytes(rows, t));
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, 0, floats, LITTLE_ENDIAN, 0, (long) rows * t.columns());
    }

    @Override
    public void readRow(Tensor t, int row, double[] into) {
        Shapes.rowRange(t, row, 1);
        long from = VectorTensor.of(t).address(row, 0);
        for (int i = 0; i < t.columns(); i++) {
            into[i] = Lanes.get(from + (long) i * Float.BYTES);
        }
    }

    @Override
    public void writeRow(Tensor t, int row, double[] from) {
        Shapes.rowRange(t, row, 1);
        long to = VectorTensor.of(t).address(row, 0);
        for (int i = 0; i < t.columns(); i++) {
            Lanes.set(to + (long) i * Float.BYTES, (float) from[i]);
        }
    }

    @Override
    public void zero(Tensor t, int rows) {
        Shapes.rows(t, rows);
        Lanes.zero(VectorTensor.address(t), (long) rows * t.columns());
    }

    @Override
    public void copy(Tensor from, Tensor to, int rows) {
        Shapes.rows(from, rows);
        Shapes.rows(to, rows);
        Shapes.columns(to, from.columns());
        Lanes.copy(VectorTensor.address(from), VectorTensor.address(to), (long) rows * from.columns());
    }

    @Override
    public void add(Tensor x, Tensor y, int rows) {
        Shapes.rows(x, rows);
        Shapes.rows(y, rows);
        Shapes.columns(y, x.columns());
        elementwise.add(VectorTensor.address(x), VectorTensor.address(y), (long) rows * x.columns());
    }

    @Override
    public void scale(Tensor t, int rows, double factor) {
        Shapes.rows(t, rows);
        elementwise.scale(VectorTensor.address(t), (long) rows * t.columns(), (float) factor);
    }

    @Override
    public void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y) {
        Shapes.rows(y, n);
        Shapes.columns(y, x.columns());
        Shapes.indices(rowIndex, n, x);
        elementwise.gather(VectorTensor.address(x), rowIndex, n, x.columns(), VectorTensor.address(y));
    }

    @Override
    public void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x) {
        Shapes.rows(y, n);
        Shapes.columns(y, x.columns());
        Shapes.indices(rowIndex, n, x);
        VectorTensor from = VectorTensor.of(y);
        VectorTensor to = VectorTensor.of(x);
        for (int i = 0; i < n; i++) {
            VectorElementwise.add(from.address(i, 0), to.address(rowIndex[i], 0), x.columns());
        }
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
        VectorTensor own = VectorTensor.of(t);
        for (int r = 0; r < rows; r++) {
            if (!VectorElementwise.allFinite(own.address(r, 0), t.columns())) {
                return r;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        threads.close();
        own.close();
    }
}
