// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Tensor;

/**
 * Room for the activations of a model. Every part grows to the largest size asked for and allocates nothing after that; what was in it
 * is lost when it grows. One owner closes it; one thread uses it.
 */
public abstract sealed class ActivationBuffers implements AutoCloseable permits InferenceBuffers, TrainingBuffers {
    private final Growing<ForwardBuffers> forward;
    private final Growing<KeyValuePages> pages;
    private final Growing<HeadBuffers> head;
    private final Growing<Tensor> scores;

    ActivationBuffers(Kernels kernels, BufferPlan plan, String role) {
        TransformerConfig c = plan.config();
        this.forward = new Growing<>(kernels, role, (arena, rows) -> ForwardBuffers.allocate(plan, arena, rows));
        this.pages = Growing.pages(kernels, role, c);
        this.head =
                new Growing<>(kernels, role, (arena, rows) -> HeadBuffers.allocate(c, arena, rows, plan.backward()));
        this.scores = new Growing<>(kernels, role, (arena, rows) -> arena.allocate("scores", rows, 1));
    }

    ForwardBuffers forward(int rows) {
        return forward.atLeast(rows);
    }

    /** Pages for the keys and values of a micro-batch; a decoder has pages of its own. */
    public KeyValuePages pages(int count) {
        return pages.atLeast(count);
    }

    /** Room for a chunk of predictions; rows beyond {@code rows} may be there and mean nothing. */
    public HeadBuffers head(int rows) {
        return head.atLeast(rows);
    }

    /** Room for the output of a scalar head or its gradient, [rows, 1]. */
    public Tensor scores(int rows) {
        return scores.atLeast(rows);
    }

    /** Bytes held now. */
    public long bytes() {
        return forward.bytes() + pages.bytes() + head.bytes() + scores.bytes();
    }

    @Override
    public void close() {
        forward.close();
        pages.close();
        head.close();
        scores.close();
    }
}
