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

    /** Takes {@code g.stream()} from the gradient of the block's output to that of its input. */
    void backward(Segments segments, KeyValuePages pages, LayerBuffers b, GradientBuffers g) {
        int rows = segments.totalRows();
        feedForward.backward(g.stream(), b.feedForwardNorm().output(), rows, b, g, g.normed());
        feedForwardNorm.backward(g.normed(), b.feedForwardNorm(), rows, g.stream());
        attention.backward(
                g.stream(), b.attentionNorm().output(), segments, pages, b.attention(), b.adapters(), g, g.normed());
        attentionNorm.backward(g.normed(), b.attentionNorm(), rows, g.stream());
    }
}
