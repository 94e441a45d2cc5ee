// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** Logits of the next token for chosen hidden states: {@code z = h·Wᵀ}; W is the embedding table where they are tied. */
final class VocabularyHead {
    private final Kernels kernels;
    private final Parameter weight;

    VocabularyHead(Kernels kernels, Parameter weight) {
        this.kernels = kernels;
        this.weight = weight;
    }

    Tensor forward(Tensor hidden, int[] rowIndex, int n, HeadBuffers b) {
        kernels.gatherRows(hidden, rowIndex, n, b.gathered());
        kernels.linear(b.gathered(), n, weight.value(), null, b.logits());
        return b.logits();
    }

    /**
     * The hidden states gathered by {@link #forward} must still be in {@code b}.
     *
     * @param dHidden rows {@code rowIndex} are added to; null where nobody asks for it
     */
    void backward(Tensor dLogits, int[] rowIndex, int n, HeadBuffers b, Tensor dHidden) {
        if (weight.trains()) {
            kernels.linearBackwardWeight(dLogits, 0, b.gathered(), n, weight.gradient());
        }
        if (dHidden != null) {
            kernels.linearBackwardInput(dLogits, 0, n, weight.value(), b.dGathered(), false);
            kernels.scatterAddRows(b.dGathered(), rowIndex, n, dHidden);
        }
    }
}
