// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;

/**
 * Causal self-attention with grouped queries (arXiv 2305.13245) and rotary positions (arXiv 2104.09864): {@code [q | k | v] = x·Wᵀ},
 * {@code y = softmax(R(q)·R(k)ᵀ / √headSize)·v·Woᵀ}, R rotating by position. Keys and values go to pages and are read from there, in
 * training as in decoding.
 */
final class SelfAttention {
    private final Kernels kernels;
    private final Parameter qkv;
    private final Parameter output;
    private final int layer;
    private final int heads;
    private final int rotatedHeads;
    private final int headSize;
    private final int valueColumn;
    private final double[] frequencies;
    private final double scale;

    SelfAttention(Kernels kernels, TransformerConfig config, int layer, Parameter qkv, Parameter output) {
        this.kernels = kernels;
        this.qkv = qkv;
        this.output = output;
        this.layer = layer;
        this.heads = config.heads();
        this.rotatedHeads = config.heads() + config.keyValueHeads();
        this.headSize = config.headSize();
        this.valueColumn = rotatedHeads * headSize;
        this.frequencies = config.inverseFrequencies();
        this.scale = 1 / Math.sqrt(headSize);
    }

    void forward(Tensor x, Segments segments, KeyValuePages pages, LayerBuffers b, Tensor y) {
        int rows = segments.totalRows();
        kernels.linear(x, rows, qkv.value(), null, b.qkv());
        kernels.rope(b.qkv(), 0, rotatedHeads, headSize, segments, frequencies, 1, false);
        kernels.storeKeyValues(b.qkv(), heads * headSize, valueColumn, segments, pages, layer);
        kernels.attention(b.qkv(), heads, segments, pages, layer, scale, b.attended(), b.logSumExp());
        kernels.linear(b.attended(), rows, output.value(), null, y);
    }

    void backward(
            Tensor dy, Tensor x, Segments segments, KeyValuePages pages, LayerBuffers b, GradientBuffers g, Tensor dx) {
        int rows = segments.totalRows();
        kernels.linearBackwardWeight(dy, 0, b.attended(), rows, output.gradient());
        kernels.linearBackwardInput(dy, 0, rows, output.value(), g.attended(), false);
        kernels.attentionBackward(
                b.qkv(), heads, segments, pages, layer, scale, b.attended(), b.logSumExp(), g.attended(), g.qkv());
        kernels.rope(g.qkv(), 0, rotatedHeads, headSize, segments, frequencies, 1, true);
        kernels.linearBackwardWeight(g.qkv(), 0, x, rows, qkv.gradient());
        kernels.linearBackwardInput(g.qkv(), 0, rows, qkv.value(), dx, false);
    }
}
