// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** The keys of GPT-2's {@code config.json}. */
final class Gpt2Config {
    private Gpt2Config() {}

    static TransformerConfig read(JsonFile file) {
        file.requireText("activation_function", "gelu_new");
        for (String key :
                List.of("reorder_and_upcast_attn", "scale_attn_by_inverse_layer_idx", "add_cross_attention")) {
            file.refuse(key);
        }
        if (!file.bool("scale_attn_weights", true)) {
            throw file.refused("scale_attn_weights", "false", "true");
        }
        if (!file.bool("tie_word_embeddings", true)) {
            throw file.refused("tie_word_embeddings", "false", "true");
        }
        int hidden = file.integer("n_embd");
        int heads = file.integer("n_head");
        if (heads < 1 || hidden % heads != 0) {
            throw file.refused("n_head", heads, "a divisor of n_embd = " + hidden);
        }
        return new TransformerConfig(
                Family.GPT2,
                file.integer("vocab_size"),
                hidden,
                file.integer("n_layer"),
                heads,
                heads,
                hidden / heads,
                file.integer("n_inner", Math.multiplyExact(4, hidden)),
                file.integer("n_positions"),
                new Positions.Learned(),
                file.decimal("layer_norm_epsilon", 1e-5),
                Biases.ALL,
                true,
                file.integers("eos_token_id"),
                ModelConfigFile.bos(file));
    }

    static void write(ObjectNode root, TransformerConfig c) {
        root.put("activation_function", "gelu_new");
        root.put("attn_pdrop", 0.0);
        root.put("embd_pdrop", 0.0);
        root.put("layer_norm_epsilon", c.normEpsilon());
        root.put("n_embd", c.hidden());
        root.put("n_head", c.heads());
        root.put("n_inner", c.intermediate() == 4 * c.hidden() ? null : (Integer) c.intermediate());
        root.put("n_layer", c.layers());
        root.put("n_positions", c.context());
        root.put("reorder_and_upcast_attn", false);
        root.put("resid_pdrop", 0.0);
        root.put("scale_attn_by_inverse_layer_idx", false);
        root.put("scale_attn_weights", true);
        root.putNull("summary_activation");
        root.put("summary_first_dropout", 0.1);
        root.put("summary_proj_to_labels", true);
        root.put("summary_type", "cls_index");
        root.put("summary_use_proj", true);
    }
}
