// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** The keys of Llama's {@code config.json}, which Qwen2 and Qwen3 share but for their biases. */
final class LlamaConfig {
    private LlamaConfig() {}

    static TransformerConfig read(JsonFile file, Family family) {
        file.requireText("hidden_act", "silu");
        if (file.bool("use_sliding_window", false)) {
            throw file.refused("use_sliding_window", "true", "false: every token sees all before it");
        }
        int hidden = file.integer("hidden_size");
        int heads = file.integer("num_attention_heads");
        return new TransformerConfig(
                family,
                file.integer("vocab_size"),
                hidden,
                file.integer("num_hidden_layers"),
                heads,
                file.integer("num_key_value_heads", heads),
                file.integer("head_dim", headSize(family, hidden, heads)),
                file.integer("intermediate_size"),
                file.integer("max_position_embeddings", 2048),
                positions(file),
                file.decimal("rms_norm_eps", 1e-6),
                biases(file, family),
                file.bool("tie_word_embeddings", false),
                file.integers("eos_token_id"),
                ModelConfigFile.bos(file));
    }

    /** Qwen3's is 128 whatever its width. */
    private static int headSize(Family family, int hidden, int heads) {
        return family == Family.QWEN3 ? 128 : hidden / Math.max(heads, 1);
    }

    private static Biases biases(JsonFile file, Family family) {
        boolean feedForward = file.bool("mlp_bias", false);
        return switch (family) {
            case QWEN2 -> Biases.QKV;
            case LLAMA, QWEN3, GPT2 -> {
                boolean attention = file.bool("attention_bias", false);
                yield new Biases(attention, attention, feedForward);
            }
        };
    }

    private static Positions positions(JsonFile file) {
        JsonFile old = file.block("rope_scaling");
        JsonFile parameters = file.block("rope_parameters");
        double theta = parameters.decimal("rope_theta", file.decimal("rope_theta", 10_000));
        return new Positions.Rotary(theta, scaling(file.has("rope_parameters") ? parameters : old));
    }

    private static Positions.Scaling scaling(JsonFile block) {
        String old = block.has("type") ? block.text("type") : "default";
        String kind = block.has("rope_type") ? block.text("rope_type") : old;
        return switch (kind) {
            case "default" -> {
                block.refuse("factor");
                yield new Positions.Unscaled();
            }
            case "llama3" ->
                new Positions.Llama3(
                        block.decimal("factor"),
                        block.decimal("low_freq_factor"),
                        block.decimal("high_freq_factor"),
                        block.integer("original_max_position_embeddings"));
            default -> throw block.refused("rope_type", kind, "default, llama3");
        };
    }

    static void write(ObjectNode root, TransformerConfig c) {
        Positions.Rotary rotary = (Positions.Rotary) c.positions();
        root.put("attention_dropout", 0.0);
        root.put("hidden_act", "silu");
        root.put("hidden_size", c.hidden());
        root.put("intermediate_size", c.intermediate());
        root.put("max_position_embeddings", c.context());
        root.put("num_attention_heads", c.heads());
        root.put("num_hidden_layers", c.layers());
        root.put("num_key_value_heads", c.keyValueHeads());
        root.put("rms_norm_eps", c.normEpsilon());
        root.put("rope_theta", rotary.theta());
        root.put("tie_word_embeddings", c.tied());
        switch (rotary.scaling()) {
            case Positions.Unscaled _ -> root.putNull("rope_scaling");
            case Positions.Llama3 scaling -> write(root.putObject("rope_scaling"), scaling);
        }
        switch (c.family()) {
            case LLAMA -> {
                root.put("attention_bias", c.biases().qkv());
                root.put("head_dim", c.headSize());
                root.put("mlp_bias", c.biases().feedForward());
                root.put("pretraining_tp", 1);
            }
            case QWEN3 -> {
                root.put("attention_bias", c.biases().qkv());
                root.put("head_dim", c.headSize());
                slidingWindow(root, c);
            }
            case QWEN2, GPT2 -> slidingWindow(root, c);
        }
    }

    private static void write(ObjectNode block, Positions.Llama3 scaling) {
        block.put("factor", scaling.factor());
        block.put("high_freq_factor", scaling.highFactor());
        block.put("low_freq_factor", scaling.lowFactor());
        block.put("original_max_position_embeddings", scaling.originalContext());
        block.put("rope_type", "llama3");
    }

    private static void slidingWindow(ObjectNode root, TransformerConfig c) {
        root.put("max_window_layers", c.layers());
        root.putNull("sliding_window");
        root.put("use_sliding_window", false);
    }
}
