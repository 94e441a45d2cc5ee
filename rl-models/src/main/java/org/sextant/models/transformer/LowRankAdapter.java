// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/**
 * What a low-rank adapter adds to some outputs of a projection: {@code y += s·(dropout(x)·Aᵀ)·Bᵀ} (LoRA, arXiv 2106.09685).
 *
 * @param down A [rank, in]
 * @param up B [out, rank]
 * @param firstColumn where the adapted outputs begin in y
 * @param index number among the adapters of the block, for its buffer
 */
public record LowRankAdapter(
        Kernels kernels, Parameter down, Parameter up, int firstColumn, double scale, double dropout, int index) {

    void forward(Tensor x, int rows, AdapterBuffers b, Tensor y) {
        Tensor reduced = b.reduced().get(index);
        kernels.linear(seen(x, rows, b), rows, down.value(), null, reduced);
        kernels.scale(reduced, rows, scale);
        kernels.linearInto(reduced, rows, up.value(), y, firstColumn);
    }

    /** @param dx is added to; null where nobody asks for it */
    void backward(Tensor dy, Tensor x, int rows, AdapterBuffers b, Tensor dx) {
        Tensor dReduced = b.dReduced();
        kernels.linearBackwardWeight(dy, firstColumn, b.reduced().get(index), rows, up.gradient());
        kernels.linearBackwardInput(dy, firstColumn, rows, up.value(), dReduced, false);
        kernels.scale(dReduced, rows, scale);
        kernels.linearBackwardWeight(dReduced, 0, seen(x, rows, b), rows, down.gradient());
        if (dx == null) {
            return;
        }
        if (drops(b)) {
            Tensor dSeen = b.seen(x.columns());
            kernels.linearBackwardInput(dReduced, 0, rows, down.value(), dSeen, false);
            kernels.dropoutBackward(dSeen, rows, dropout, seed(b), dx);
        } else {
            kernels.linearBackwardInput(dReduced, 0, rows, down.value(), dx, true);
        }
    }

    private boolean drops(AdapterBuffers b) {
        return dropout > 0 && b.dropoutSeed() != TrainingBuffers.NO_DROPOUT;
    }

    private long seed(AdapterBuffers b) {
        return b.dropoutSeed() + 31L * down.name().hashCode();
    }

    /** The input as the adapter sees it; drawn anew, and alike, in the backward pass. */
    private Tensor seen(Tensor x, int rows, AdapterBuffers b) {
        if (!drops(b)) {
            return x;
        }
        Tensor seen = b.seen(x.columns());
        kernels.dropout(x, rows, dropout, seed(b), seen);
        return seen;
    }
}
