// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * Activations of one block. Training has a set for every layer, or one for all and computes them again; inference has one for all.
 *
 * @param attentionNorm norm before attention
 * @param attention queries to what the heads attended to
 * @param feedForwardNorm norm before the feed-forward layer
 * @param feedForwardInput what the activation reads: gate and up, or one projection
 * @param activated what it makes of it
 * @param adapters of all projections of the block
 */
record LayerBuffers(
        Norm.Buffers attentionNorm,
        SelfAttention.Buffers attention,
        Norm.Buffers feedForwardNorm,
        Tensor feedForwardInput,
        Tensor activated,
        AdapterBuffers adapters) {

    static LayerBuffers allocate(
            BufferPlan plan, MemoryArena arena, int layer, int rows, AdapterBuffers.Scratch scratch) {
        TransformerConfig c = plan.config();
        WeightNames names = c.family().names();
        String feedForward = names.feedForwardOutput(layer);
        return new LayerBuffers(
                Norm.Buffers.allocate(c, arena, names.attentionNorm(layer), rows, plan.backward()),
                SelfAttention.Buffers.allocate(plan, arena, names.attentionOutput(layer), rows),
                Norm.Buffers.allocate(c, arena, names.feedForwardNorm(layer), rows, plan.backward()),
                arena.allocate("input of the activation before " + feedForward, rows, c.feedForwardWidth()),
                arena.allocate("input of " + feedForward, rows, c.intermediate()),
                AdapterBuffers.allocate(plan, arena, names.layer(layer), rows, scratch));
    }

    /** What the block computes, in order, for the search for non-finite numbers. */
    Map<String, Tensor> inOrder(WeightNames names, int layer) {
        Map<String, Tensor> computed = new LinkedHashMap<>();
        computed.put(names.attentionNorm(layer), attentionNorm.output());
        computed.put("queries, keys and values of " + names.layer(layer), attention.qkv());
        computed.put("the input of " + names.attentionOutput(layer), attention.attended());
        computed.put(names.feedForwardNorm(layer), feedForwardNorm.output());
        computed.put("the input of the activation before " + names.feedForwardOutput(layer), feedForwardInput);
        computed.put("the input of " + names.feedForwardOutput(layer), activated);
        return computed;
    }
}
