// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;

/** The names of GPT-2, whose projections are stored [in, out]. */
final class Gpt2Names implements WeightNames {
    @Override
    public String embedding() {
        return "transformer.wte";
    }

    @Override
    public String positions() {
        return "transformer.wpe";
    }

    @Override
    public String vocabularyHead() {
        return "lm_head";
    }

    @Override
    public String finalNorm() {
        return "transformer.ln_f";
    }

    @Override
    public String layer(int i) {
        return "transformer.h." + i;
    }

    @Override
    public String attentionNorm(int layer) {
        return layer(layer) + ".ln_1";
    }

    @Override
    public List<String> qkv(int layer) {
        return List.of(layer(layer) + ".attn.c_attn");
    }

    @Override
    public String queryNorm(int layer) {
        throw new IllegalStateException("GPT-2 does not norm its queries");
    }

    @Override
    public String keyNorm(int layer) {
        throw new IllegalStateException("GPT-2 does not norm its keys");
    }

    @Override
    public String attentionOutput(int layer) {
        return layer(layer) + ".attn.c_proj";
    }

    @Override
    public String feedForwardNorm(int layer) {
        return layer(layer) + ".ln_2";
    }

    @Override
    public List<String> feedForwardInput(int layer) {
        return List.of(layer(layer) + ".mlp.c_fc");
    }

    @Override
    public String feedForwardOutput(int layer) {
        return layer(layer) + ".mlp.c_proj";
    }

    @Override
    public boolean projectionsTransposed() {
        return true;
    }
}
