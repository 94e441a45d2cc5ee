// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * Activations of one block. Training has a set for every layer, inference one for all.
 *
 * @param attentionNorm norm before attention
 * @param qkv rotated queries and keys, and values
 * @param attended output of the heads, before the output projection
 * @param logSumExp log of the softmax denominators; null where no backward pass follows
 * @param feedForwardNorm norm before the feed-forward layer
 * @param gateUp gate and up projections
 * @param activated silu(gate) · up
 */
record LayerBuffers(
        RmsNorm.Buffers attentionNorm,
        Tensor qkv,
        Tensor attended,
        Tensor logSumExp,
        RmsNorm.Buffers feedForwardNorm,
        Tensor gateUp,
        Tensor activated) {

    static LayerBuffers allocate(TransformerConfig c, MemoryArena arena, String name, int rows, boolean keep) {
        return new LayerBuffers(
                RmsNorm.Buffers.allocate(arena, name + ".input_layernorm", rows, c.hidden(), keep),
                arena.allocate(name + ".self_attn.qkv", rows, c.qkvWidth()),
                arena.allocate(name + ".self_attn.attended", rows, c.attendedWidth()),
                keep ? arena.allocate(name + ".self_attn.log_sum_exp", rows, c.heads()) : null,
                RmsNorm.Buffers.allocate(arena, name + ".post_attention_layernorm", rows, c.hidden(), keep),
                arena.allocate(name + ".mlp.gate_up", rows, 2 * c.intermediate()),
                arena.allocate(name + ".mlp.activated", rows, c.intermediate()));
    }

    /** What the block computes, in order, for the search for non-finite numbers. */
    Map<String, Tensor> inOrder() {
        Map<String, Tensor> computed = new LinkedHashMap<>();
        computed.put("input_layernorm", attentionNorm.output());
        computed.put("self_attn.qkv", qkv);
        computed.put("self_attn.attended", attended);
        computed.put("post_attention_layernorm", feedForwardNorm.output());
        computed.put("mlp.gate_up", gateUp);
        computed.put("mlp.activated", activated);
        return computed;
    }
}
