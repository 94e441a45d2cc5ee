// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryAccounts;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.MemorySizes;
import org.sextant.models.kernels.Shapes;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** Arrays of a role: made here, closed here, and no array of the step is made elsewhere. */
final class Nd4jArena implements MemoryArena {
    static final MemorySizes SIZES = new Nd4jSizes();

    private final String role;
    private final MemoryAccounts accounts;
    private final List<INDArray> arrays = new ArrayList<>();
    private long bytes;
    private boolean closed;

    Nd4jArena(String role, MemoryAccounts accounts) {
        this.role = role;
        this.accounts = accounts;
    }

    @Override
    public String role() {
        return role;
    }

    @Override
    public Tensor allocate(String name, int rows, int columns) {
        Shapes.requireSize(name, rows, columns);
        INDArray array = made(name, DataType.FLOAT, SIZES.tensor(rows, columns), Math.max(1, rows), columns);
        return Nd4jTensor.of(name, rows, columns, Optional.empty(), array);
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        Shapes.requireSize(name, rows, columns);
        DataType type = format == WeightFormat.BF16 ? DataType.BFLOAT16 : DataType.FLOAT;
        INDArray array = made(name, type, SIZES.weight(rows, columns, format), Math.max(1, rows), columns);
        return Nd4jTensor.of(name, rows, columns, Optional.of(format), array);
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        Shapes.requirePages(name, layers, keyValueHeads, headSize, pages);
        long slots = (long) Math.max(1, pages) * KeyValuePages.POSITIONS;
        long half = SIZES.pages(layers, keyValueHeads, headSize, pages) / 2;
        long[] shape = {layers, slots, (long) keyValueHeads * headSize};
        INDArray keys = made(name, DataType.FLOAT, half, shape);
        INDArray values = made(name, DataType.FLOAT, half, shape);
        return new Nd4jPages(layers, keyValueHeads, headSize, pages, keys, values);
    }

    /** A zeroed array that lives as long as the arena, or until it is {@link #giveBack given back}. */
    INDArray made(String name, DataType type, long wanted, long... shape) {
        if (closed) {
            throw new IllegalStateException("arena " + role + " is closed: cannot allocate " + name);
        }
        try {
            INDArray array = Nd4j.create(type, shape);
            arrays.add(array);
            bytes += wanted;
            accounts.taken(role, wanted);
            return array;
        } catch (OutOfMemoryError | RuntimeException e) {
            throw Shapes.shortOfMemory(
                    role,
                    name,
                    wanted,
                    accounts.held(role),
                    "close what else needs memory or make the model smaller",
                    e);
        }
    }

    void giveBack(INDArray array, long held) {
        arrays.removeIf(one -> one == array);
        array.close();
        bytes -= held;
        accounts.givenBack(role, held);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        arrays.forEach(INDArray::close);
        arrays.clear();
        accounts.givenBack(role, bytes);
        bytes = 0;
    }
}
