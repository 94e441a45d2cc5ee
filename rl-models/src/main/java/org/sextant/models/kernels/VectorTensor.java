// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** A row-major float32 matrix off the heap, 64-byte aligned. */
record VectorTensor(String name, int rows, int columns, VectorArena arena, long address) implements VectorMemory {

    /** The tensor, after the checks that it is no weight and that its arena is open. */
    static VectorTensor of(Tensor t) {
        if (VectorMemory.of(t) instanceof VectorTensor own) {
            return own;
        }
        Shapes.activation(t);
        throw new AssertionError(t);
    }

    /** The address of the first element, after the checks. */
    static long address(Tensor t) {
        return of(t).address;
    }

    static long addressOrZero(Tensor t) {
        return t == null ? 0 : address(t);
    }

    long address(int row, int column) {
        return address + ((long) row * columns + column) * Float.BYTES;
    }

    @Override
    public long bytes() {
        return size() * Float.BYTES;
    }

    @Override
    public float get(int row, int column) {
        return Lanes.get(address(row, column));
    }

    @Override
    public void set(int row, int column, float value) {
        Lanes.set(address(row, column), value);
    }

    @Override
    public String toString() {
        return name + "[" + rows + ", " + columns + "]";
    }
}
