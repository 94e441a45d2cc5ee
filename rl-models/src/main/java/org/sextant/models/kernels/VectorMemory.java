// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Objects;

/** What lives in a {@link VectorArena}: one contiguous piece of memory, whatever the order of the numbers in it. */
sealed interface VectorMemory extends Tensor permits VectorTensor, VectorWeight {
    VectorArena arena();

    /** Address of the first number. */
    long address();

    /** Bytes of all numbers, those that only fill up included. */
    long bytes();

    float get(int row, int column);

    void set(int row, int column, float value);

    /** The tensor, after the check that its arena is open. */
    static VectorMemory of(Tensor t) {
        if (!(Objects.requireNonNull(t, "tensor") instanceof VectorMemory own)) {
            throw Shapes.foreign(t, "vector");
        }
        own.arena().requireOpen(own.name());
        return own;
    }
}
