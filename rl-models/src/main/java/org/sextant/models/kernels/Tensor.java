// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;

/**
 * A matrix of numbers that lives in a {@link MemoryArena}. Opaque: only the {@link Kernels} that made it can read or
 * write its elements, so blocks of a model never see an array, a segment or an {@code INDArray}.
 *
 * <p>Activations are allocated once at the largest number of rows they will hold; every primitive takes the number of
 * rows that count in this call.
 */
public interface Tensor {
    /** What the tensor is, for error messages: {@code layers.3.mlp.down.weight}. */
    String name();

    /** Allocated rows. */
    int rows();

    /** Numbers in a row. */
    int columns();

    /** How a weight is held; empty for what {@link MemoryArena#allocate} made. */
    default Optional<WeightFormat> weightFormat() {
        return Optional.empty();
    }

    /** Numbers in all rows. */
    default long size() {
        return (long) rows() * columns();
    }
}
