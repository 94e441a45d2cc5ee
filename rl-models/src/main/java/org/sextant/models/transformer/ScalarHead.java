// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** One number for each hidden state, {@code s = w·h}: a critic's value or a reward model's score. */
final class ScalarHead {
    private final Kernels kernels;
    private final Parameter weight;

    ScalarHead(Kernels kernels, Parameter weight) {
        this.kernels = kernels;
        this.weight = weight;
    }

    Parameter weight() {
        return weight;
    }

    void forward(Tensor hidden, int rows, Tensor scores) {
        kernels.linear(hidden, rows, weight.value(), null, scores);
    }

    /** @param dHidden is added to; null where nobody asks for it */
    void backward(Tensor dScores, Tensor hidden, int rows, Tensor dHidden) {
        if (weight.trains()) {
            kernels.linearBackwardWeight(dScores, 0, hidden, rows, weight.gradient());
        }
        if (dHidden != null) {
            kernels.linearBackwardInput(dScores, 0, rows, weight.value(), dHidden, true);
        }
    }
}
