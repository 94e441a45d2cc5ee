// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Bfloat16;
import org.sextant.models.kernels.DropoutHash;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryAccounts;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.MemorySizes;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.kernels.Shapes;
import org.sextant.models.kernels.Tensor;
import org.sextant.nd4j.kernels.Scratch.Slot;

/** What {@link Nd4jKernels} does with whole tensors: numbers in and out, rows copied, added, scaled, looked up. */
abstract class Nd4jRows implements Kernels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Numbers that pass at once. */
    private static final int PASSING = 1 << 18;

    private final MemoryAccounts accounts = new MemoryAccounts();
    final Nd4jArena own = new Nd4jArena("kernels", accounts);
    final Transfers transfers = new Transfers(own);
    final Scratch scratch = new Scratch(own);
    final Operations operations = new Operations();
    private float[] host = {};

    @Override
    public MemorySizes sizes() {
        return Nd4jArena.SIZES;
    }

    @Override
    public MemoryArena arena(String role) {
        return new Nd4jArena(role, accounts);
    }

    @Override
    public List<MemoryUse> memory() {
        return accounts.all();
    }

    /** How often numbers have passed between Java and the backend, and how many bytes. */
    public Transfers.Counts transferred() {
        return transfers.counts();
    }

    static INDArray rows(Tensor t, int rows) {
        return Nd4jTensor.of(t).rows(rows);
    }

    static INDArray all(Tensor t) {
        return Nd4jTensor.of(t).all();
    }

    /** The numbers of a weight as floats; rounded ones are widened anew each time. */
    final INDArray floats(Tensor w) {
        Nd4jTensor weight = Nd4jTensor.of(w);
        if (!weight.isRounded()) {
            return weight.all();
        }
        INDArray wide = scratch.matrix(Slot.WEIGHT, w.rows(), w.columns());
        wide.assign(weight.all());
        return wide;
    }

    // ---- data in and out

    @Override
    public double get(Tensor t, int row, int column) {
        Shapes.column(t, row, column);
        Nd4jTensor from = Nd4jTensor.of(t);
        download(Views.matrix(from.all(), (long) row * t.columns() + column, 1, 1), 1);
        return host[0];
    }

    @Override
    public void set(Tensor t, int row, int column, double value) {
        Shapes.column(t, row, column);
        room(1)[0] = held(Nd4jTensor.of(t), (float) value);
        upload(Views.matrix(all(t), (long) row * t.columns() + column, 1, 1), 1);
    }

    @Override
    public void load(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        Nd4jTensor to = Nd4jTensor.of(t);
        int atOnce = Math.max(1, PASSING / t.columns());
        for (int r = 0; r < rows; r += atOnce) {
            int n = Math.min(atOnce, rows - r) * t.columns();
            room(n);
            long from = (long) r * t.columns() * Float.BYTES;
            MemorySegment.copy(floats, FLOAT, from, host, 0, n);
            for (int i = 0; to.isRounded() && i < n; i++) {
                host[i] = Bfloat16.rounded(host[i]);
            }
            upload(Views.vector(to.all(), (long) (firstRow + r) * t.columns(), n), n);
        }
    }

    @Override
    public void store(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        int atOnce = Math.max(1, PASSING / t.columns());
        for (int r = 0; r < rows; r += atOnce) {
            int n = Math.min(atOnce, rows - r) * t.columns();
            download(Views.vector(all(t), (long) (firstRow + r) * t.columns(), n), n);
            MemorySegment.copy(host, 0, floats, FLOAT, (long) r * t.columns() * Float.BYTES, n);
        }
    }

    @Override
    public void readRows(Tensor t, int firstRow, int rows, double[] into) {
        Shapes.rowRange(t, firstRow, rows);
        int atOnce = Math.max(1, PASSING / t.columns());
        for (int r = 0; r < rows; r += atOnce) {
            int n = Math.min(atOnce, rows - r) * t.columns();
            download(Views.vector(all(t), (long) (firstRow + r) * t.columns(), n), n);
            for (int i = 0; i < n; i++) {
                into[r * t.columns() + i] = host[i];
            }
        }
    }

    @Override
    public void writeRows(Tensor t, int firstRow, int rows, double[] from) {
        Shapes.rowRange(t, firstRow, rows);
        Nd4jTensor to = Nd4jTensor.of(t);
        int atOnce = Math.max(1, PASSING / t.columns());
        for (int r = 0; r < rows; r += atOnce) {
            int n = Math.min(atOnce, rows - r) * t.columns();
            room(n);
            for (int i = 0; i < n; i++) {
                host[i] = held(to, (float) from[r * t.columns() + i]);
            }
            upload(Views.vector(to.all(), (long) (firstRow + r) * t.columns(), n), n);
        }
    }

    private static float held(Nd4jTensor t, float x) {
        return t.isRounded() ? Bfloat16.rounded(x) : x;
    }

    final float[] room(int n) {
        if (host.length < n) {
            host = new float[n];
        }
        return host;
    }

    private void upload(INDArray to, int n) {
        to.assign(transfers.floats(host, n).reshape(to.shape()));
    }

    /** Numbers go to {@link #room}. */
    final void download(INDArray from, int n) {
        room(n);
        transfers.outgoing(n).assign(from.reshape(n));
        transfers.read(host, n);
    }

    // ---- elementwise

    @Override
    public void zero(Tensor t, int rows) {
        Shapes.elements(t, rows);
        if (rows > 0) {
            rows(t, rows).assign(0);
        }
    }

    @Override
    public void copy(Tensor from, Tensor to, int rows) {
        Shapes.pairs(from, to, rows);
        if (rows > 0) {
            rows(to, rows).assign(rows(from, rows));
        }
    }

    @Override
    public void add(Tensor x, Tensor y, int rows) {
        Shapes.pairs(x, y, rows);
        Shapes.trainable(x);
        Shapes.trainable(y);
        if (rows > 0) {
            operations.add(rows(y, rows), rows(x, rows), rows(y, rows));
        }
    }

    @Override
    public void scale(Tensor t, int rows, double factor) {
        Shapes.elements(t, rows);
        Shapes.trainable(t);
        if (rows > 0) {
            operations.scale(rows(t, rows), factor, rows(t, rows));
        }
    }

    @Override
    public void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y) {
        Shapes.lookUp(x, rowIndex, n, y);
        if (n > 0) {
            gather(x, rowIndex, n, rows(y, n));
        }
    }

    /** Rows are gathered as they are held, more than are wanted, then copied. */
    private void gather(Tensor x, int[] rowIndex, int n, INDArray to) {
        int most = Sizes.rounded(n);
        INDArray index = transfers.ints(Arrays.copyOf(Arrays.copyOf(rowIndex, n), most), most);
        Slot slot = Nd4jTensor.of(x).isRounded() ? Slot.ROUNDED : Slot.B;
        INDArray found = scratch.matrix(slot, most, x.columns());
        operations.gather(all(x), index, found);
        to.assign(Views.matrix(found, 0, n, x.columns()));
    }

    @Override
    public void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x) {
        Shapes.lookUp(x, rowIndex, n, y);
        Shapes.trainable(x);
        if (n > 0) {
            operations.scatterAdd(all(x), transfers.ints(rowIndex, n), rows(y, n));
        }
    }

    @Override
    public void addRows(Tensor table, int[] rowIndex, int n, Tensor y) {
        Shapes.lookUp(table, rowIndex, n, y);
        if (n > 0) {
            INDArray found = scratch.matrix(Slot.A, n, table.columns());
            gather(table, rowIndex, n, found);
            operations.add(rows(y, n), found, rows(y, n));
        }
    }

    @Override
    public void dropout(Tensor x, int rows, double probability, long seed, Tensor y) {
        Shapes.dropout(x, rows, probability, y);
        if (rows > 0) {
            operations.multiply(rows(x, rows), kept(rows, x.columns(), probability, seed), rows(y, rows));
        }
    }

    @Override
    public void dropoutBackward(Tensor dy, int rows, double probability, long seed, Tensor dx) {
        Shapes.dropout(dy, rows, probability, dx);
        if (rows > 0) {
            INDArray factors = kept(rows, dy.columns(), probability, seed);
            operations.multiply(rows(dy, rows), factors, factors);
            operations.add(rows(dx, rows), factors, rows(dx, rows));
        }
    }

    /** What each number is multiplied by; hashed on the host, as all kernels hash it, and sent over. */
    private INDArray kept(int rows, int columns, double probability, long seed) {
        float factor = (float) (1 / (1 - probability));
        int threshold = DropoutHash.threshold(probability);
        room(rows * columns);
        for (int r = 0; r < rows; r++) {
            long key = DropoutHash.key(seed, r);
            for (int c = 0; c < columns; c++) {
                host[r * columns + c] = DropoutHash.keeps(key, c, threshold) ? factor : 0;
            }
        }
        return Views.matrix(transfers.floats(host, rows * columns), 0, rows, columns);
    }

    @Override
    public void embed(int[] ids, int rows, Tensor table, Tensor y) {
        gatherRows(table, ids, rows, y);
    }

    @Override
    public void embedBackward(int[] ids, int rows, Tensor dy, Tensor dTable) {
        scatterAddRows(dy, ids, rows, dTable);
    }

    // ---- checks

    /** A row's sum of zeros is zero, unless it has a number that times zero is none. */
    @Override
    public int firstNonFiniteRow(Tensor t, int rows) {
        Shapes.rows(t, rows);
        if (rows == 0) {
            return -1;
        }
        INDArray zeros = scratch.matrix(Slot.A, rows, t.columns());
        INDArray sums = scratch.matrix(Slot.ROWS, rows, 1);
        operations.scale(Views.matrix(floats(t), 0, rows, t.columns()), 0, zeros);
        operations.product(zeros, false, scratch.ones(t.columns()), false, 1, 0, sums);
        download(sums, rows);
        for (int r = 0; r < rows; r++) {
            if (host[r] != 0) {
                return r;
            }
        }
        return -1;
    }
}
