// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Objects;

/**
 * A row-major float32 matrix off the heap, 64-byte aligned, and its packed copy where it is the weight of a product.
 */
final class VectorTensor implements Tensor {
    private final String name;
    private final int rows;
    private final int columns;
    private final VectorArena arena;
    private final long address;

    private long packed;
    private boolean packedIsCurrent;

    VectorTensor(String name, int rows, int columns, VectorArena arena, long address) {
        this.name = name;
        this.rows = rows;
        this.columns = columns;
        this.arena = arena;
        this.address = address;
    }

    static VectorTensor of(Tensor t) {
        if (!(Objects.requireNonNull(t, "tensor") instanceof VectorTensor own)) {
            throw Shapes.foreign(t, "vector");
        }
        own.arena.requireOpen(own.name);
        return own;
    }

    /** The address of the first element, after the check that its arena is open. */
    static long address(Tensor t) {
        return of(t).address;
    }

    static long addressOrZero(Tensor t) {
        return t == null ? 0 : address(t);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    long address(int row, int column) {
        return address + ((long) row * columns + column) * Float.BYTES;
    }

    /** The packed copy; taken from the same arena, hence paid by the same role, at the first call. */
    long packed(long floats) {
        if (packed == 0) {
            packed = arena.reserve(name + " (packed)", floats * Float.BYTES);
        }
        return packed;
    }

    boolean packedIsCurrent() {
        return packedIsCurrent;
    }

    void packedIsCurrent(boolean current) {
        packedIsCurrent = current;
    }

    @Override
    public String toString() {
        return name + "[" + rows + ", " + columns + "]";
    }
}
