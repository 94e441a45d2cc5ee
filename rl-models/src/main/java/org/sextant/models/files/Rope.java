// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.sextant.models.transformer.Positions;

/**
 * Rotary positions in {@code config.json}: {@code rope_theta} with {@code rope_scaling}, or all of it in {@code rope_parameters}, as newer
 * versions of {@code transformers} write it.
 */
final class Rope {
    private static final String OLD = "rope_scaling";
    private static final String NEW = "rope_parameters";
    private static final Set<String> KEYS = Set.of(
            "rope_type",
            "type",
            "rope_theta",
            "factor",
            "low_freq_factor",
            "high_freq_factor",
            "original_max_position_embeddings");

    private Rope() {}

    static Positions.Rotary read(JsonFile file) {
        if (file.decimal("partial_rotary_factor", 1) != 1) {
            throw file.refused("partial_rotary_factor", file.decimal("partial_rotary_factor", 1), "1");
        }
        double theta = file.block(NEW).positive("rope_theta", file.positive("rope_theta", 10_000));
        Positions.Scaling scaling = scaling(file.block(file.has(NEW) ? NEW : OLD));
        if (file.has(NEW) && file.has(OLD) && !scaling(file.block(OLD)).equals(scaling)) {
            throw file.refused(OLD, "given", "none, or what " + NEW + " says");
        }
        return new Positions.Rotary(theta, scaling);
    }

    private static Positions.Scaling scaling(JsonFile block) {
        block.refuseAllBut(KEYS);
        String kind = block.text("rope_type", block.text("type", "default"));
        return switch (kind) {
            case "default" -> {
                block.refuse("factor");
                yield new Positions.Unscaled();
            }
            case "llama3" -> llama3(block);
            default -> throw block.refused("rope_type", kind, "default, llama3");
        };
    }

    private static Positions.Llama3 llama3(JsonFile block) {
        double low = block.positive("low_freq_factor");
        double high = block.positive("high_freq_factor");
        if (!(high > low)) {
            throw block.refused("high_freq_factor", high, "more than low_freq_factor = " + low);
        }
        return new Positions.Llama3(
                block.positive("factor"),
                low,
                high,
                block.size("original_max_position_embeddings", ModelConfigFile.LARGEST));
    }

    static void write(ObjectNode root, Positions.Rotary rotary) {
        root.put("rope_theta", rotary.theta());
        switch (rotary.scaling()) {
            case Positions.Unscaled _ -> root.putNull(OLD);
            case Positions.Llama3 scaling ->
                root.putObject(OLD)
                        .put("factor", scaling.factor())
                        .put("high_freq_factor", scaling.highFactor())
                        .put("low_freq_factor", scaling.lowFactor())
                        .put("original_max_position_embeddings", scaling.originalContext())
                        .put("rope_type", "llama3");
        }
    }
}
