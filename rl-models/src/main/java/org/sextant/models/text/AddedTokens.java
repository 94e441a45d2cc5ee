// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.models.files.JsonFile;
import org.sextant.models.files.Shown;
import org.sextant.models.text.Setting.Kind;

/**
 * The block {@code added_tokens} of a {@code tokenizer.json}: texts that are one token wherever they stand.
 *
 * @param engine a copy for the library
 * @param special ids of those that are no text
 */
record AddedTokens(ArrayNode engine, Set<Integer> special) {
    private static final List<Setting> FLAGS = List.of(
            Setting.of("single_word", Kind.FLAG),
            Setting.of("lstrip", Kind.FLAG),
            Setting.of("rstrip", Kind.FLAG),
            Setting.of("normalized", Kind.FLAG),
            Setting.of("special", Kind.FLAG));

    /** @param ids of the pieces; the added ones are put among them */
    static AddedTokens read(JsonFile file, Map<String, Integer> ids) {
        AddedTokens tokens = new AddedTokens(JsonNodeFactory.instance.arrayNode(), new TreeSet<>());
        JsonNode added = file.root().path("added_tokens");
        if (!added.isArray() && !added.isNull() && !added.isMissingNode()) {
            throw file.refused("added_tokens", added, "a list");
        }
        int next = ids.size();
        for (int i = 0; i < added.size(); i++) {
            String place = "added_tokens[" + i + "]";
            JsonNode token = added.path(i);
            String content = token.path("content").textValue();
            if (content == null || content.isEmpty()) {
                throw file.refused(place + ".content", token.path("content"), "a text that is not empty");
            }
            int id = TokenizerJson.id(file, place + ".id", token.path("id"));
            // What the library does, which passes over the id in the file.
            int given = ids.containsKey(content) ? ids.get(content) : next++;
            if (id != given) {
                throw file.refused(
                        place + ".id",
                        token.path("id"),
                        given + " for \"" + Shown.text(content) + "\": ids follow those of model.vocab");
            }
            ids.put(content, id);
            tokens.add(file, place, token, id, content);
        }
        return tokens;
    }

    private void add(JsonFile file, String place, JsonNode token, int id, String content) {
        ObjectNode copy = engine.addObject().put("id", id).put("content", content);
        Setting.copy(FLAGS, file, place, token, copy);
        if (copy.get("special").booleanValue()) {
            special.add(id);
        }
    }
}
