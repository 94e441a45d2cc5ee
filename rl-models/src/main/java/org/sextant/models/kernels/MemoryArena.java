// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Accounted memory of one role (actor, critic, reference, optimiser, cache, activations). Everything allocated here is
 * zeroed, aligned to 64 bytes, and freed together by {@link #close()}. One owner closes it.
 */
public interface MemoryArena extends AutoCloseable {
    /** The role that pays for the memory, as it appears in metrics: {@code memory/<role>_bytes}. */
    String role();

    /** A zeroed matrix. Fails with the role, the bytes asked for and the bytes held if memory is short. */
    Tensor allocate(String name, int rows, int columns);

    /**
     * A zeroed weight [out, in] in the layout in which products read it, and in no other. Gradients and moments of a
     * weight are weights too, in {@link WeightFormat#FLOAT}.
     */
    Tensor allocateWeight(String name, int rows, int columns, WeightFormat format);

    /** A zeroed companion of {@code t} in the kernels' own type: a gradient or a moment. */
    default Tensor allocateLike(String name, Tensor t) {
        return t.weightFormat().isPresent()
                ? allocateWeight(name, t.rows(), t.columns(), WeightFormat.FLOAT)
                : allocate(name, t.rows(), t.columns());
    }

    /** A zeroed paged store of keys and values; see {@link KeyValuePages}. */
    KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages);

    /** Bytes held now. */
    long bytes();

    @Override
    void close();
}
