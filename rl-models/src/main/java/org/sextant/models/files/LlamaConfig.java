// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** The keys of Llama's {@code config.json}, which Qwen2 and Qwen3 share but for biases, head sizes and windows. */
final class LlamaConfig {
    private LlamaConfig() {}

    static TransformerConfig read(JsonFile file, Family family, int vocabulary, List<Integer> eos, OptionalInt bos) {
        file.requireText("hidden_act", "silu");
        requireFullAttention(file);
        int hidden = file.size("hidden_size", ModelConfigFile.WIDEST);
        int heads = file.size("num_attention_heads", ModelConfigFile.WIDEST);
        boolean llama = family == Family.LLAMA;
        // Qwen's default is 32 whatever the number of heads: nobody can mean that by leaving it out.
        int keyValueHeads =
                file.size("num_key_value_heads", heads, llama ? heads : file.integer("num_key_value_heads"));
        if (heads % keyValueHeads != 0) {
            throw file.refused("num_key_value_heads", keyValueHeads, "a divisor of num_attention_heads = " + heads);
        }
        return new TransformerConfig(
                family,
                vocabulary,
                hidden,
                file.size("num_hidden_layers", ModelConfigFile.MOST_LAYERS),
                heads,
                keyValueHeads,
                headSize(file, family, hidden, heads, keyValueHeads),
                file.size("intermediate_size", 4 * ModelConfigFile.WIDEST),
                file.size("max_position_embeddings", ModelConfigFile.LARGEST, llama ? 2048 : 32_768),
                Rope.read(file),
                file.positive("rms_norm_eps", 1e-6),
                biases(file, family),
                file.bool("tie_word_embeddings", false),
                eos,
                bos);
    }

    private static void requireFullAttention(JsonFile file) {
        if (file.bool("use_sliding_window", false)) {
            throw file.refused("use_sliding_window", "true", "false: every token sees all before it");
        }
        for (String type : file.texts("layer_types")) {
            if (!type.equals("full_attention")) {
                throw file.refused("layer_types", type, "full_attention");
            }
        }
    }

    private static int headSize(JsonFile file, Family family, int hidden, int heads, int keyValueHeads) {
        if (file.has("head_dim") || family == Family.QWEN3) {
            int most = Math.max(ModelConfigFile.LARGEST / (heads + 2 * keyValueHeads), 1);
            int size = file.size("head_dim", most, 128);
            if (size % 2 != 0) {
                throw file.refused("head_dim", size, "an even number: positions turn pairs of a head");
            }
            return size;
        }
        if (hidden % heads != 0 || hidden / heads % 2 != 0) {
            throw file.refused(
                    "num_attention_heads",
                    heads,
                    "a divisor of hidden_size = " + hidden + " that leaves heads of even size");
        }
        return hidden / heads;
    }

    private static Biases biases(JsonFile file, Family family) {
        boolean attention = file.bool("attention_bias", false);
        return switch (family) {
            case LLAMA -> new Biases(attention, attention, file.bool("mlp_bias", false));
            case QWEN2 -> Biases.QKV;
            case QWEN3 -> new Biases(attention, attention, false);
            case GPT2 -> throw new IllegalArgumentException("GPT-2 has keys of its own");
        };
    }

    static void write(ObjectNode root, TransformerConfig c) {
        root.put("attention_dropout", 0.0);
        root.put("hidden_act", "silu");
        root.put("hidden_size", c.hidden());
        root.put("intermediate_size", c.intermediate());
        root.put("max_position_embeddings", c.context());
        root.put("num_attention_heads", c.heads());
        root.put("num_hidden_layers", c.layers());
        root.put("num_key_value_heads", c.keyValueHeads());
        root.put("rms_norm_eps", c.normEpsilon());
        root.put("tie_word_embeddings", c.tied());
        Rope.write(root, (Positions.Rotary) c.positions());
        if (c.family() != Family.QWEN2) {
            root.put("attention_bias", c.biases().qkv());
        }
        if (c.family() != Family.QWEN2 || c.headSize() * c.heads() != c.hidden()) {
            root.put("head_dim", c.headSize());
        }
        if (c.family() == Family.LLAMA) {
            root.put("mlp_bias", c.biases().feedForward());
            root.put("pretraining_tp", 1);
        } else {
            root.put("max_window_layers", c.layers());
            root.putNull("sliding_window");
            root.put("use_sliding_window", false);
        }
    }
}
