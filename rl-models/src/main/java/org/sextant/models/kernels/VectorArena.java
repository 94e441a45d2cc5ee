// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.Arena;

/** An arena off the Java heap. */
final class VectorArena implements MemoryArena {
    private final String role;
    private final MemoryAccounts accounts;
    private final Arena memory = Arena.ofShared();
    private long bytes;
    private boolean closed;

    VectorArena(String role, MemoryAccounts accounts) {
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
        long address = reserve(name, VectorSizes.OF_WIDTH.tensor(rows, columns));
        return new VectorTensor(name, rows, columns, this, address);
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        Shapes.requireSize(name, rows, columns);
        long address = reserve(name, VectorSizes.OF_WIDTH.weight(rows, columns, format));
        return new VectorWeight(name, rows, columns, format, this, address);
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        Shapes.requirePages(name, layers, keyValueHeads, headSize, pages);
        long address = reserve(name, VectorSizes.OF_WIDTH.pages(layers, keyValueHeads, headSize, pages));
        return new VectorPages(layers, keyValueHeads, headSize, pages, this, address);
    }

    /** The address of zeroed memory. */
    long reserve(String name, long wanted) {
        requireOpen(name);
        long padded = VectorSizes.lines(wanted);
        try {
            long address = memory.allocate(padded, VectorSizes.ALIGNMENT).address();
            bytes += padded;
            accounts.taken(role, padded);
            return address;
        } catch (OutOfMemoryError e) {
            String advice = "free memory, make the model or the batch smaller, or raise -XX:MaxDirectMemorySize";
            throw Shapes.shortOfMemory(role, name, padded, accounts.held(role), advice, e);
        }
    }

    void requireOpen(String name) {
        if (closed) {
            throw new IllegalStateException("arena " + role + " is closed: " + name + " cannot be used");
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            accounts.givenBack(role, bytes);
            bytes = 0;
            memory.close();
        }
    }
}
