// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;

/**
 * What a model will hold, in numbers, before any of it is loaded.
 *
 * @param weights and as many again for gradients, and twice as many for the moments of AdamW
 * @param activations of one pass, with gradients of activations if it trains
 */
public record MemoryPlan(long weights, long activations) {
    /**
     * @param heads scalar heads
     * @param tokens tokens in one pass; keys and values are counted as if their pages were half full
     * @param trains whether activations are kept for a backward pass
     */
    public static MemoryPlan of(TransformerConfig config, int heads, int tokens, boolean trains) {
        CountingArena arena = new CountingArena();
        int pages = Math.ceilDiv(2 * tokens, KeyValuePages.POSITIONS);
        arena.allocatePages("keys and values", config.layers(), config.keyValueHeads(), config.headSize(), pages);
        allocate(config, arena, tokens, trains);
        return new MemoryPlan(config.parameterCount() + (long) heads * config.hidden(), arena.numbers());
    }

    private static void allocate(TransformerConfig config, MemoryArena arena, int tokens, boolean trains) {
        HeadBuffers.allocate(config, arena, Math.min(tokens, HeadBuffers.chunkRows(config.vocabulary())), trains);
        if (trains) {
            ForwardBuffers.forTraining(config, arena, tokens);
            GradientBuffers.allocate(config, arena, tokens);
        } else {
            ForwardBuffers.forInference(config, arena, tokens);
        }
    }
}
