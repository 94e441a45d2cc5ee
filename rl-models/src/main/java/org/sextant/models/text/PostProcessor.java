// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sextant.models.files.JsonFile;

/**
 * What the {@code post_processor} of a {@code tokenizer.json} puts in front of a text. What it puts behind one is left out: an answer follows a
 * prompt, and where a text ends the caller says so.
 */
final class PostProcessor {
    private PostProcessor() {}

    static List<Integer> front(JsonFile file, Map<String, Integer> ids) {
        JsonNode processor = file.root().path("post_processor");
        if (processor.isMissingNode() || processor.isNull()) {
            return List.of();
        }
        return front(file, "post_processor", processor, ids);
    }

    private static List<Integer> front(JsonFile file, String place, JsonNode processor, Map<String, Integer> ids) {
        String type = processor.path("type").asText("");
        return switch (type) {
            // Moves offsets, adds no token.
            case "ByteLevel" -> List.of();
            case "TemplateProcessing" -> template(file, place, processor, ids);
            case "Sequence" -> {
                List<Integer> front = new ArrayList<>();
                JsonNode inner = processor.path("processors");
                for (int i = 0; i < inner.size(); i++) {
                    front.addAll(0, front(file, place + ".processors[" + i + "]", inner.path(i), ids));
                }
                yield front;
            }
            default ->
                throw file.refused(
                        place + ".type", processor.path("type"), "one of [ByteLevel, Sequence, TemplateProcessing]");
        };
    }

    private static List<Integer> template(JsonFile file, String place, JsonNode processor, Map<String, Integer> ids) {
        List<Integer> front = new ArrayList<>();
        for (JsonNode piece : processor.path("single")) {
            if (piece.has("Sequence")) {
                return front;
            }
            JsonNode name = piece.path("SpecialToken").path("id");
            JsonNode token = processor.path("special_tokens").path(name.asText(""));
            if (!name.isTextual() || !token.path("ids").isArray()) {
                throw file.refused(
                        place + ".single", processor.path("single"), "a list of Sequence and of known SpecialToken");
            }
            for (JsonNode id : token.path("ids")) {
                int value = TokenizerJson.id(file, place + ".special_tokens[" + name + "].ids", id);
                if (!ids.containsValue(value)) {
                    throw file.refused(place + ".special_tokens[" + name + "].ids", id, "ids of the tokenizer");
                }
                front.add(value);
            }
        }
        throw file.refused(place + ".single", processor.path("single"), "a template with a Sequence");
    }
}
