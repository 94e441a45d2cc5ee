// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Tensor;

/** Activations of a micro-batch, kept for its backward pass, and the gradients of activations. */
public final class TrainingBuffers implements ActivationBuffers {
    private final Growing<ForwardBuffers> forward;
    private final Growing<GradientBuffers> gradients;
    private final Growing<KeyValuePages> pages;
    private final Growing<HeadBuffers> head;
    private final Growing<Tensor> scores;

    TrainingBuffers(Kernels kernels, TransformerConfig c, String role) {
        this.forward = new Growing<>(kernels, role, (arena, rows) -> ForwardBuffers.forTraining(c, arena, rows));
        this.gradients = new Growing<>(kernels, role, (arena, rows) -> GradientBuffers.allocate(c, arena, rows));
        this.pages = Growing.pages(kernels, role, c);
        this.head = new Growing<>(kernels, role, (arena, rows) -> HeadBuffers.allocate(c, arena, rows, true));
        this.scores = new Growing<>(kernels, role, (arena, rows) -> arena.allocate("scores", rows, 1));
    }

    ForwardBuffers forward(int rows) {
        return forward.atLeast(rows);
    }

    GradientBuffers gradients(int rows) {
        return gradients.atLeast(rows);
    }

    /** Gradient of the final hidden states: zero it, add to it, then go {@link Transformer#backward backward}. */
    public Tensor hiddenGradient(int rows) {
        return gradients.atLeast(rows).normed();
    }

    @Override
    public KeyValuePages pages(int count) {
        return pages.atLeast(count);
    }

    @Override
    public HeadBuffers head(int rows) {
        return head.atLeast(rows);
    }

    @Override
    public Tensor scores(int rows) {
        return scores.atLeast(rows);
    }

    @Override
    public long bytes() {
        return forward.bytes() + gradients.bytes() + pages.bytes() + head.bytes() + scores.bytes();
    }

    @Override
    public void close() {
        forward.close();
        gradients.close();
        pages.close();
        head.close();
        scores.close();
    }
}
