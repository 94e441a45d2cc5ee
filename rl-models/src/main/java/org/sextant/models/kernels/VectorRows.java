// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What {@link VectorKernels} does with whole tensors: memory for them, numbers in and out, rows copied, added, scaled
 * and looked up, an optimiser's step. The layers of a model are its subclass's.
 */
abstract class VectorRows implements Kernels {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final Threads threads;
    final VectorArena own;
    private final MemoryAccounts accounts = new MemoryAccounts();
    private final VectorElementwise elementwise;
    private final VectorLookUp lookUp;
    private final VectorDropout dropout;
    private final SquareSum squareSum;
    private final VectorOptimiser optimiser;

    /** Starts {@code threads - 1} daemon threads; {@link #close()} ends them. */
    VectorRows(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least 1 is needed");
        }
        this.threads = new Threads(threads);
        own = new VectorArena("kernels", accounts);
        elementwise = new VectorElementwise(this.threads);
        lookUp = new VectorLookUp(this.threads);
        dropout = new VectorDropout(this.threads);
        squareSum = new SquareSum(this.threads);
        optimiser = new VectorOptimiser(this.threads);
    }

    @Override
    public double tolerance() {
        return 0;
    }

    @Override
    public int threads() {
        return threads.count();
    }

    @Override
    public MemorySizes sizes() {
        return VectorSizes.OF_WIDTH;
    }

    @Override
    public MemoryArena arena(String role) {
        return new VectorArena(role, accounts);
    }

    @Override
    public List<MemoryUse> memory() {
        return accounts.all();
    }

    @Override
    public double get(Tensor t, int row, int column) {
        Shapes.column(t, row, column);
        return VectorMemory.of(t).get(row, column);
    }

    @Override
    public void set(Tensor t, int row, int column, double value) {
        Shapes.column(t, row, column);
        VectorMemory.of(t).set(row, column, (float) value);
    }

    @Override
    public void load(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        switch (VectorMemory.of(t)) {
            case VectorTensor own -> {
                long count = (long) rows * t.columns();
                MemorySegment to = Lanes.segment(own.address(firstRow, 0), count * Float.BYTES);
                MemorySegment.copy(floats, LITTLE_ENDIAN, 0, to, ValueLayout.JAVA_FLOAT, 0, count);
            }
            case VectorWeight own -> PanelRows.load(own, firstRow, rows, floats, LITTLE_ENDIAN);
        }
    }

    @Override
    public void store(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        switch (VectorMemory.of(t)) {
            case VectorTensor own -> {
                long count = (long) rows * t.columns();
                MemorySegment from = Lanes.segment(own.address(firstRow, 0), count * Float.BYTES);
                MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, 0, floats, LITTLE_ENDIAN, 0, count);
            }
            case VectorWeight own -> PanelRows.store(own, firstRow, rows, floats, LITTLE_ENDIAN);
        }
    }

    @Override
    public void readRows(Tensor t, int firstRow, int rows, double[] into) {
        Shapes.rowRange(t, firstRow, rows);
        VectorMemory own = VectorMemory.of(t);
        int columns = t.columns();
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < columns; i++) {
                into[r * columns + i] = own.get(firstRow + r, i);
            }
        }
    }

    @Override
    public void writeRows(Tensor t, int firstRow, int rows, double[] from) {
        Shapes.rowRange(t, firstRow, rows);
        VectorMemory own = VectorMemory.of(t);
        int columns = t.columns();
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < columns; i++) {
                own.set(firstRow + r, i, (float) from[r * columns + i]);
            }
        }
    }

    /** Numbers of the first rows of an activation, or of a whole weight of floats with what fills up its panels. */
    private static long floats(Tensor t, int rows) {
        return t instanceof VectorWeight w ? w.bytes() / Float.BYTES : (long) rows * t.columns();
    }

    @Override
    public void zero(Tensor t, int rows) {
        Shapes.elements(t, rows);
        Lanes.zero(VectorMemory.of(t).address(), floats(t, rows));
    }

    @Override
    public void copy(Tensor from, Tensor to, int rows) {
        Shapes.pairs(from, to, rows);
        VectorMemory source = VectorMemory.of(from);
        VectorMemory target = VectorMemory.of(to);
        if (source.weightFormat().equals(target.weightFormat())) {
            Lanes.copy(source.address(), target.address(), floats(from, rows));
            return;
        }
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < from.columns(); i++) {
                target.set(r, i, source.get(r, i));
            }
        }
    }

    @Override
    public void add(Tensor x, Tensor y, int rows) {
        Shapes.pairs(x, y, rows);
        Shapes.trainable(x);
        Shapes.trainable(y);
        elementwise.add(VectorMemory.of(x).address(), VectorMemory.of(y).address(), floats(x, rows));
    }

    @Override
    public void scale(Tensor t, int rows, double factor) {
        Shapes.elements(t, rows);
        Shapes.trainable(t);
        elementwise.scale(VectorMemory.of(t).address(), floats(t, rows), (float) factor);
    }

    @Override
    public void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y) {
        Shapes.lookUp(x, rowIndex, n, y);
        lookUp.copy(VectorMemory.of(x), rowIndex, n, VectorTensor.of(y));
    }

    @Override
    public void addRows(Tensor table, int[] rowIndex, int n, Tensor y) {
        Shapes.lookUp(table, rowIndex, n, y);
        lookUp.add(VectorMemory.of(table), rowIndex, n, VectorTensor.of(y));
    }

    @Override
    public void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x) {
        Shapes.lookUp(x, rowIndex, n, y);
        Shapes.trainable(x);
        VectorTensor from = VectorTensor.of(y);
        switch (VectorMemory.of(x)) {
            case VectorTensor to -> {
                for (int i = 0; i < n; i++) {
                    VectorElementwise.add(from.address(i, 0), to.address(rowIndex[i], 0), x.columns());
                }
            }
            case VectorWeight to -> {
                for (int i = 0; i < n; i++) {
                    PanelRows.addFrom(from.address(i, 0), to, rowIndex[i]);
                }
            }
        }
    }

    @Override
    public void dropout(Tensor x, int rows, double probability, long seed, Tensor y) {
        Shapes.dropout(x, rows, probability, y);
        dropout.run(VectorTensor.of(x), rows, probability, seed, VectorTensor.address(y), false);
    }

    @Override
    public void dropoutBackward(Tensor dy, int rows, double probability, long seed, Tensor dx) {
        Shapes.dropout(dy, rows, probability, dx);
        dropout.run(VectorTensor.of(dy), rows, probability, seed, VectorTensor.address(dx), true);
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
    public double sumOfSquares(Tensor t) {
        Shapes.trainable(t);
        VectorMemory own = VectorMemory.of(t);
        return squareSum.of(own.address(), own.bytes() / Float.BYTES);
    }

    @Override
    public void adamW(Tensor w, Tensor gradient, Tensor m, Tensor v, AdamWStep step) {
        Shapes.sameShape(w, gradient);
        Shapes.sameShape(w, m);
        Shapes.sameShape(w, v);
        VectorMemory own = VectorMemory.of(w);
        optimiser.adamW(
                own.address(),
                VectorMemory.of(gradient).address(),
                VectorMemory.of(m).address(),
                VectorMemory.of(v).address(),
                own.bytes() / Float.BYTES,
                step);
    }

    @Override
    public int firstNonFiniteRow(Tensor t, int rows) {
        Shapes.elements(t, rows);
        return switch (VectorMemory.of(t)) {
            case VectorTensor own -> firstNonFiniteRow(own, rows);
            case VectorWeight own -> firstNonFiniteRow(own);
        };
    }

    private static int firstNonFiniteRow(VectorTensor t, int rows) {
        for (int r = 0; r < rows; r++) {
            if (!VectorElementwise.allFinite(t.address(r, 0), t.columns())) {
                return r;
            }
        }
        return -1;
    }

    private static int firstNonFiniteRow(VectorWeight w) {
        for (int r = 0; r < w.rows(); r++) {
            for (int i = 0; i < w.columns(); i++) {
                if (!Float.isFinite(w.get(r, i))) {
                    return r;
                }
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
