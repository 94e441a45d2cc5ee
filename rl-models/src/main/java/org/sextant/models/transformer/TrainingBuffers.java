// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** Activations of a micro-batch, kept for its backward pass, and the gradients of activations. */
public final class TrainingBuffers extends ActivationBuffers {
    /** A seed with which adapters see everything. */
    public static final long NO_DROPOUT = 0;

    private final Growing<GradientBuffers> gradients;
    private long dropoutSeed = NO_DROPOUT;

    TrainingBuffers(Kernels kernels, BufferPlan plan, String role) {
        super(kernels, plan, role);
        this.gradients =
                new Growing<>(kernels, role, (arena, rows) -> GradientBuffers.allocate(plan.config(), arena, rows));
    }

    /** Sets what adapters do not see in the coming forward pass and its backward pass. */
    public void dropout(long seed) {
        dropoutSeed = seed;
    }

    @Override
    ForwardBuffers forward(int rows) {
        ForwardBuffers buffers = super.forward(rows);
        buffers.scratch().dropoutSeed(dropoutSeed);
        return buffers;
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
