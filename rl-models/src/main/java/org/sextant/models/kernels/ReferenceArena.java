// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;

/** An arena on the Java heap that only counts; closing it forgets the count, the collector does the rest. */
final class ReferenceArena implements MemoryArena {
    /** Whatever the format of a weight, its numbers are doubles. */
    static final MemorySizes SIZES = MemorySizes.plain(Double.BYTES);

    private final String role;
    private final MemoryAccounts accounts;
    private long bytes;
    private boolean closed;

    ReferenceArena(String role, MemoryAccounts accounts) {
        this.role = role;
        this.accounts = accounts;
    }

    @Override
    public String role() {
        return role;
    }

    @Override
    public Tensor allocate(String name, int rows, int columns) {
        return made(name, rows, columns, Optional.empty());
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        return made(name, rows, columns, Optional.of(format));
    }

    private Tensor made(String name, int rows, int columns, Optional<WeightFormat> format) {
        Shapes.requireSize(name, rows, columns);
        var tensor = new ReferenceTensor(name, rows, columns, format, doubles(name, (long) rows * columns));
        taken(tensor.size());
        return tensor;
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        Shapes.requirePages(name, layers, keyValueHeads, headSize, pages);
        double[][] keys = new double[pages][];
        double[][] values = new double[pages][];
        long perPage = (long) layers * keyValueHeads * KeyValuePages.POSITIONS * headSize;
        for (int page = 0; page < pages; page++) {
            keys[page] = doubles(name, perPage);
            values[page] = doubles(name, perPage);
        }
        taken(2 * perPage * pages);
        return new ReferencePages(layers, keyValueHeads, headSize, keys, values);
    }

    private double[] doubles(String name, long count) {
        if (closed) {
            throw new IllegalStateException("arena " + role + " is closed: cannot allocate " + name);
        }
        if (count > Integer.MAX_VALUE - 8) {
            throw shortOfMemory(name, count, "a Java array ends at 2^31 numbers: use the vector kernels", null);
        }
        try {
            return new double[(int) count];
        } catch (OutOfMemoryError e) {
            throw shortOfMemory(name, count, "raise -Xmx or make the model smaller", e);
        }
    }

    private OutOfMemoryError shortOfMemory(String name, long count, String advice, Throwable cause) {
        return Shapes.shortOfMemory(role, name, count * Double.BYTES, accounts.held(role), advice, cause);
    }

    private void taken(long count) {
        bytes += count * Double.BYTES;
        accounts.taken(role, count * Double.BYTES);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        accounts.givenBack(role, bytes);
        bytes = 0;
    }
}
