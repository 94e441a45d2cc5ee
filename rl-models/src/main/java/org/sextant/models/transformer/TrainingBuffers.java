// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/**
 * Activations of a micro-batch, kept for its backward pass, and the gradients of activations. They grow to the largest micro-batch seen
 * and allocate nothing after that. One owner closes them; one thread uses them.
 */
public final class TrainingBuffers implements AutoCloseable {
    private final Growing<ForwardBuffers> forward;
    private final Growing<GradientBuffers> gradients;
    private final Growing<KeyValuePages> pages;
    private final Growing<HeadBuffers> head;

    TrainingBuffers(Kernels kernels, TransformerConfig c, String role) {
        this.forward = new Growing<>(kernels, role, (arena, rows) -> ForwardBuffers.forTraining(c, arena, rows));
        this.gradients = new Growing<>(kernels, role, (arena, rows) -> GradientBuffers.allocate(c, arena, rows));
        this.pages = new Growing<>(kernels, role, (arena, count) ->
                arena.allocatePages("keys and values", c.layers(), c.keyValueHeads(), c.headSize(), count));
        this.head = new Growing<>(kernels, role, (arena, rows) -> HeadBuffers.allocate(c, arena, rows, true));
    }

    ForwardBuffers forward(int rows) {
        return forward.atLeast(rows);
    }

    GradientBuffers gradients(int rows) {
        return gradients.atLeast(rows);
    }

    /** Pages for the keys and values of a micro-batch. What was in them is lost if they had to grow. */
    public KeyValuePages pages(int count) {
        return pages.atLeast(count);
    }

    /** Room for a chunk of predictions and its gradients; rows beyond {@code rows} may be there and mean nothing. */
    public HeadBuffers head(int rows) {
        return head.atLeast(rows);
    }

    /** Gradient of the final hidden states: zero it, add to it, then go {@link Transformer#backward backward}. */
    public Tensor hiddenGradient(int rows) {
        return gradients.atLeast(rows).normed();
    }

    /** Bytes held now. */
    public long bytes() {
        return forward.bytes() + gradients.bytes() + pages.bytes() + head.bytes();
    }

    @Override
    public void close() {
        forward.close();
        gradients.close();
        pages.close();
        head.close();
    }
}
