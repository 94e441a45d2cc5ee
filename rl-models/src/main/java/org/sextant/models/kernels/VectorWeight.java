// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;

/**
 * A weight w [out, in] as the right operand of {@code x·wᵀ}, and nowhere else: panels {@code [out / WIDTH][in][WIDTH]},
 * zero past the last output. In BF16 the outputs j and j + WIDTH/2 of a panel share a 32-bit word, j in its lower half:
 * one load of a vector becomes two vectors by a shift and a mask.
 */
record VectorWeight(String name, int rows, int columns, WeightFormat format, VectorArena arena, long address)
        implements VectorMemory {
    private static final int WIDTH = GemmTiles.WIDTH;
    private static final int HALF = WIDTH / 2;

    static VectorWeight of(Tensor t) {
        if (VectorMemory.of(t) instanceof VectorWeight own) {
            return own;
        }
        Shapes.weight(t);
        throw new AssertionError(t);
    }

    static long bytes(int rows, int columns, WeightFormat format) {
        return (long) Math.ceilDiv(rows, WIDTH) * columns * panelRowBytes(format);
    }

    /** Bytes of the WIDTH numbers that one input has in a panel. */
    private static int panelRowBytes(WeightFormat format) {
        return format == WeightFormat.FLOAT ? WIDTH * Float.BYTES : HALF * Float.BYTES;
    }

    boolean isHalf() {
        return format == WeightFormat.BF16;
    }

    /** Where the WIDTH numbers of input {@code column} in the panel of output {@code row} begin. */
    long panel(int row, int column) {
        return address + ((long) (row / WIDTH) * columns + column) * panelRowBytes(format);
    }

    private long word(int row, int column) {
        int lane = row % WIDTH;
        return panel(row, column) + (long) (isHalf() ? lane % HALF : lane) * Float.BYTES;
    }

    @Override
    public float get(int row, int column) {
        long at = word(row, column);
        return isHalf() ? Bfloat16.value(Lanes.getInt(at) >>> shift(row)) : Lanes.get(at);
    }

    @Override
    public void set(int row, int column, float value) {
        long at = word(row, column);
        if (isHalf()) {
            int kept = Lanes.getInt(at) & 0xffff0000 >>> shift(row);
            Lanes.setInt(at, kept | Bfloat16.bits(value) << shift(row));
        } else {
            Lanes.set(at, value);
        }
    }

    private static int shift(int row) {
        return row % WIDTH < HALF ? 0 : 16;
    }

    @Override
    public Optional<WeightFormat> weightFormat() {
        return Optional.of(format);
    }

    @Override
    public long bytes() {
        return bytes(rows, columns, format);
    }

    @Override
    public String toString() {
        return name + "[" + rows + ", " + columns + "] " + format;
    }
}
