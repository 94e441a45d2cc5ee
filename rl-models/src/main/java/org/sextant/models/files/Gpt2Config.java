// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** The keys of GPT-2's {@code config.json}. */
final class Gpt2Config {
    private Gpt2Config() {}

    static TransformerConfig read(JsonFile file, int vocabulary, List<Integer> eos, OptionalInt bos) {
        file.requireText("activation_function", "gelu_new");
        file.refuse("reorder_and_upcast_attn");
        file.refuse("scale_attn_by_inverse_layer_idx");
        if (!file.bool("scale_attn_weights", true)) {
            throw file.refused("scale_attn_weights", "false", "true");
        }
        int hidden = file.size("n_embd", ModelConfigFile.WIDEST);
        int heads = file.size("n_head", ModelConfigFile.WIDEST);
        if (hidden % heads != 0) {
            throw file.refused("n_head", heads, "a divisor of n_embd = " + hidden);
        }
        return new TransformerConfig(
                Family.GPT2,
                vocabulary,
                hidden,
                file.size("n_layer", ModelConfigFile.MOST_LAYERS),
                heads,
                heads,
                hidden / heads,
                file.size("n_inner", 4 * ModelConfigFile.WIDEST, 4 * hidden),
                file.size("n_positions", ModelConfigFile.LARGEST),
                new Positions.Learned(),
                file.positive("layer_norm_epsilon", 1e-5),
                Biases.ALL,
                file.bool("tie_word_embeddings", true),
                eos,
                bos);
    }

    static void write(ObjectNode root, TransformerConfig c) {
        root.put("activation_function", "gelu_new");
        // Trained without, so that is what a trainer that goes on should do.
        root.put("attn_pdrop", 0.0);
        root.put("embd_pdrop", 0.0);
        root.put("resid_pdrop", 0.0);
        root.put("layer_norm_epsilon", c.normEpsilon());
        root.put("n_embd", c.hidden());
        root.put("n_head", c.heads());
        root.put("n_inner", c.intermediate() == 4L * c.hidden() ? null : (Integer) c.intermediate());
        root.put("n_layer", c.layers());
        root.put("n_positions", c.context());
        root.put("reorder_and_upcast_attn", false);
        root.put("scale_attn_by_inverse_layer_idx", false);
        root.put("scale_attn_weights", true);
        root.putNull("summary_activation");
        root.put("summary_first_dropout", 0.1);
        root.put("summary_proj_to_labels", true);
        root.put("summary_type", "cls_index");
        root.put("summary_use_proj", true);
        if (!c.tied()) {
            root.put("tie_word_embeddings", false);
        }
    }
}
