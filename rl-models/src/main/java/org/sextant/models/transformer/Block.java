// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;

/**
 * One pre-norm layer: {@code x ← x + attention(norm(x)); x ← x + feedForward(norm(x))}. The second sum is left to the norm that follows
 * ({@code delta}), which reads the stream anyway.
 */
record Block(Norm attentionNorm, SelfAttention attention, Norm feedForwardNorm, FeedForward feedForward) {
    /**
     * @param x the residual stream
     * @param before the sum that the block before left to do; null in the first block
     * @param delta receives the sum that this block leaves to do; may be {@code before}
     */
    void forward(Tensor x, Tensor before, Segments segments, KeyValuePages pages, LayerBuffers b, Tensor delta) {
        int rows = segments.totalRows();
        attentionNorm.forward(x, before, rows, b.attentionNorm());
        attention.forward(b.attentionNorm().output(), segments, pages, b.attention(), b.adapters(), delta);
        feedForwardNorm.forward(x, delta, rows, b.feedForwardNorm());
        feedForward.forward(b.feedForwardNorm().output(), rows, b, delta);
    }

    /** Whether anything of it is trained. */
    boolean trains() {
        return trainsAttention() || feedForwardNorm.trains() || feedForward.trains();
    }

    private boolean trainsAttention() {
        return attentionNorm.trains() || attention.trains();
    }

    /**
     * Takes {@code g.stream()} from the gradient of the block's output to that of its input, or as far as something is trained.
     *
     * @param toInput whether somebody asks for the gradient of the input
     * @return the gradient that was computed last, which a number that is not finite in any before it has reached
     */
    Tensor backward(Segments segments, KeyValuePages pages, LayerBuffers b, GradientBuffers g, boolean toInput) {
        int rows = segments.totalRows();
        boolean toAttention = toInput || trainsAttention();
        Tensor dNormed = toAttention || feedForwardNorm.trains() ? g.normed() : null;
        Tensor last = feedForward.backward(g.stream(), b.feedForwardNorm().output(), rows, b, g, dNormed);
        if (dNormed == null) {
            return last;
        }
        feedForwardNorm.backward(dNormed, b.feedForwardNorm(), rows, g.stream());
        return toAttention ? attentionBackward(segments, pages, b, g, toInput) : g.stream();
    }

    private Tensor attentionBackward(
            Segments segments, KeyValuePages pages, LayerBuffers b, GradientBuffers g, boolean toInput) {
        Tensor dNormed = toInput || attentionNorm.trains() ? g.normed() : null;
        Tensor last = attention.backward(
                g.stream(), b.attentionNorm().output(), segments, pages, b.attention(), b.adapters(), g, dNormed);
        if (dNormed == null) {
            return last;
        }
        attentionNorm.backward(dNormed, b.attentionNorm(), segments.totalRows(), g.stream());
        return g.stream();
    }
}
