// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;

/** Buffers in an arena of their own that are made again, larger, when a size is asked for that they do not have. */
final class Growing<B> implements AutoCloseable {
    /** Sizes are rounded up to a multiple of this, and grow by an eighth at least, so that ragged batches settle soon. */
    private static final int STEP = 16;

    private final Kernels kernels;
    private final String role;
    private final Maker<B> maker;
    private MemoryArena arena;
    private B buffers;
    private int capacity;

    interface Maker<B> {
        B make(MemoryArena arena, int size);
    }

    Growing(Kernels kernels, String role, Maker<B> maker) {
        this.kernels = kernels;
        this.role = role;
        this.maker = maker;
    }

    static Growing<KeyValuePages> pages(Kernels kernels, String role, TransformerConfig c) {
        return new Growing<>(
                kernels,
                role,
                (arena, count) ->
                        arena.allocatePages("keys and values", c.layers(), c.keyValueHeads(), c.headSize(), count));
    }

    /** The largest that buffers become that are asked for up to this size. */
    static int capacity(int size) {
        return Math.ceilDiv(size + size / 8, STEP) * STEP;
    }

    /** Buffers of at least this size. What was in them is lost if they had to grow. */
    B atLeast(int size) {
        if (buffers == null || size > capacity) {
            int wanted = Math.max(size, capacity + capacity / 8);
            close();
            capacity = Math.ceilDiv(Math.max(wanted, 1), STEP) * STEP;
            arena = kernels.arena(role);
            buffers = maker.make(arena, capacity);
        }
        return buffers;
    }

    long bytes() {
        return arena == null ? 0 : arena.bytes();
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
        arena = null;
        buffers = null;
        capacity = 0;
    }
}
