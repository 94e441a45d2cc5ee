// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;

/** The names of Llama, which Qwen took over. */
final class LlamaNames implements WeightNames {
    @Override
    public String embedding() {
        return "model.embed_tokens";
    }

    @Override
    public String positions() {
        throw new IllegalStateException("rotary positions have no weight");
    }

    @Override
    public String vocabularyHead() {
        return "lm_head";
    }

    @Override
    public String finalNorm() {
        return "model.norm";
    }

    @Override
    public String layer(int i) {
        return "model.layers." + i;
    }

    @Override
    public String attentionNorm(int layer) {
        return layer(layer) + ".input_layernorm";
    }

    @Override
    public List<String> qkv(int layer) {
        String attention = layer(layer) + ".self_attn.";
        return List.of(attention + "q_proj", attention + "k_proj", attention + "v_proj");
    }

    @Override
    public String queryNorm(int layer) {
        return layer(layer) + ".self_attn.q_norm";
    }

    @Override
    public String keyNorm(int layer) {
        return layer(layer) + ".self_attn.k_norm";
    }

    @Override
    public String attentionOutput(int layer) {
        return layer(layer) + ".self_attn.o_proj";
    }

    @Override
    public String feedForwardNorm(int layer) {
        return layer(layer) + ".post_attention_layernorm";
    }

    @Override
    public List<String> feedForwardInput(int layer) {
        return List.of(layer(layer) + ".mlp.gate_proj", layer(layer) + ".mlp.up_proj");
    }

    @Override
    public String feedForwardOutput(int layer) {
        return layer(layer) + ".mlp.down_proj";
    }

    @Override
    public boolean projectionsTransposed() {
        return false;
    }
}
