// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;

/**
 * Causal self-attention with grouped queries (arXiv 2305.13245): {@code [q | k | v] = x·Wᵀ + b},
 * {@code y = softmax(R(q)·R(k)ᵀ / √headSize)·v·Woᵀ + bo}. R norms each head where the family does, then rotates by position (arXiv
 * 2104.09864) where positions are rotary. Keys and values go to pages and are read from there, in training as in decoding.
 */
final class SelfAttention {
    private final Kernels kernels;
    private final Projection qkv;
    private final List<HeadNorm> headNorms;
    private final Projection output;
    private final int layer;
    private final int heads;
    private final int rotatedHeads;
    private final int headSize;
    private final int valueColumn;
    private final double[] frequencies;
    private final double scale;

    /**
     * @param headNorms of queries and keys; empty for none
     * @param layer whose pages are used
     */
    SelfAttention(
            Kernels kernels,
            TransformerConfig config,
            int layer,
            Projection qkv,
            List<HeadNorm> headNorms,
            Projection output) {
        this.kernels = kernels;
        this.qkv = qkv;
        this.headNorms = headNorms;
        this.output = output;
        this.layer = layer;
        this.heads = config.heads();
        this.headSize = config.headSize();
        int keyed = config.heads() + config.keyValueHeads();
        this.valueColumn = keyed * headSize;
        this.rotatedHeads = config.positions() instanceof Positions.Rotary ? keyed : 0;
        this.frequencies = config.positions() instanceof Positions.Rotary rotary
                ? rotary.inverseFrequencies(headSize)
                : new double[0];
        this.scale = 1 / Math.sqrt(headSize);
    }

    /**
     * @param raw queries, keys and values before they are normed; null where that is not needed
     * @param inverses of the head norms, [rows, heads]; empty where there are none
     * @param qkv normed and rotated queries and keys, and values
     * @param attended output of the heads, before the output projection
     * @param logSumExp log of the softmax denominators; null where no backward pass follows
     */
    record Buffers(Tensor raw, List<Tensor> inverses, Tensor qkv, Tensor attended, Tensor logSumExp) {
        static Buffers allocate(BufferPlan plan, MemoryArena arena, String name, int rows) {
            TransformerConfig c = plan.config();
            boolean normed = c.family().headNorm();
            return new Buffers(
                    normed && plan.backward() ? arena.allocate("raw q, k, v before " + name, rows, c.qkvWidth()) : null,
                    normed
                            ? List.of(
                                    arena.allocate("query norms before " + name, rows, c.heads()),
                                    arena.allocate("key norms before " + name, rows, c.keyValueHeads()))
                            : List.of(),
                    arena.allocate("q, k, v before " + name, rows, c.qkvWidth()),
                    arena.allocate("input of " + name, rows, c.attendedWidth()),
                    plan.backward() ? arena.allocate("log-sum-exp before " + name, rows, c.heads()) : null);
        }
    }

    void forward(Tensor x, Segments segments, KeyValuePages pages, Buffers b, AdapterBuffers adapters, Tensor y) {
        int rows = segments.totalRows();
        qkv.forward(x, rows, adapters, b.qkv());
        if (b.raw() != null) {
            kernels.copy(b.qkv(), b.raw(), rows);
        }
        for (int i = 0; i < headNorms.size(); i++) {
            headNorms.get(i).forward(b.qkv(), rows, b.inverses().get(i));
        }
        rotate(b.qkv(), segments, false);
        kernels.storeKeyValues(b.qkv(), heads * headSize, valueColumn, segments, pages, layer);
        kernels.attention(b.qkv(), heads, segments, pages, layer, scale, b.attended(), b.logSumExp());
        output.forward(b.attended(), rows, adapters, y);
    }

    private void rotate(Tensor x, Segments segments, boolean back) {
        if (rotatedHeads > 0) {
            kernels.rope(x, 0, rotatedHeads, headSize, segments, frequencies, 1, back);
        }
    }

    /** Whether anything of it is trained. */
    boolean trains() {
        return output.trains() || trainsHeads();
    }

    /** Whether anything before the heads' output is trained. */
    private boolean trainsHeads() {
        return qkv.trains() || headNorms.stream().anyMatch(HeadNorm::trains);
    }

    /**
     * Goes back as far as something is trained, or to the input.
     *
     * @param dx overwritten; null where nobody asks for it
     * @return the gradient that was computed last; {@code dy} if none was
     */
    Tensor backward(
            Tensor dy,
            Tensor x,
            Segments segments,
            KeyValuePages pages,
            Buffers b,
            AdapterBuffers adapters,
            GradientBuffers g,
            Tensor dx) {
        int rows = segments.totalRows();
        boolean further = dx != null || trainsHeads();
        output.backward(dy, b.attended(), rows, adapters, further ? g.attended() : null);
        if (!further) {
            return dy;
        }
        kernels.attentionBackward(
                b.qkv(), heads, segments, pages, layer, scale, b.attended(), b.logSumExp(), g.attended(), g.qkv());
        rotate(g.qkv(), segments, true);
        for (int i = 0; i < headNorms.size(); i++) {
            headNorms.get(i).backward(g.qkv(), b.raw(), b.inverses().get(i), rows);
        }
        qkv.backward(g.qkv(), x, rows, adapters, dx);
        return dx == null ? g.qkv() : dx;
    }
}
