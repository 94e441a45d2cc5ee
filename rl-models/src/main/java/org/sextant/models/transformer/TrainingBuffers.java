// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** Activations of a micro-batch, kept for its backward pass, and the gradients of activations. */
public final class TrainingBuffers extends ActivationBuffers {
    private final Growing<GradientBuffers> gradients;

    TrainingBuffers(Kernels kernels, TransformerConfig c, String role) {
        super(kernels, c, role, (arena, rows) -> ForwardBuffers.forTraining(c, arena, rows), true);
        this.gradients = new Growing<>(kernels, role, (arena, rows) -> GradientBuffers.allocate(c, arena, rows));
    }

    GradientBuffers gradients(int rows) {
        return gradients.atLeast(rows);
    }

    /** Gradient of the final hidden states: zero it, add to it, then go {@link Transformer#backward backward}. */
    public Tensor hiddenGradient(int rows) {
        return gradients.atLeast(rows).normed();
    }

    @Override
    public long bytes() {
        return super.bytes() + gradients.bytes();
    }

    @Override
    public void close() {
        super.close();
        gradients.close();
    }
}
