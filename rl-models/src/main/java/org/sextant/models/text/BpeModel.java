// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sextant.models.files.JsonFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.Shown;

/**
 * The block {@code model} of a {@code tokenizer.json}, checked: pieces with their ids, and the merges that make them.
 *
 * @param engine a copy for the library
 * @param ids of every piece
 */
record BpeModel(ObjectNode engine, Map<String, Integer> ids) {
    /** Settings of the model that leave the same text the same pieces; anything else is refused. */
    private static final Set<String> KEYS = Set.of(
            "type",
            "vocab",
            "merges",
            "unk_token",
            "fuse_unk",
            "byte_fallback",
            "ignore_merges",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "dropout");

    private static final List<String> FLAGS = List.of("fuse_unk", "byte_fallback", "ignore_merges");

    /** @throws ModelFileException that names the first place which is damaged or not supported */
    static BpeModel read(JsonFile file) {
        JsonNode model = file.root().path("model");
        refuseWhatIsNotSupported(file, model);
        if (!(model.path("vocab") instanceof ObjectNode vocabulary) || vocabulary.isEmpty()) {
            throw file.refused("model.vocab", model.path("vocab"), "an object of pieces and their ids");
        }
        Map<String, Integer> ids = pieces(file, vocabulary);
        merges(file, model.path("merges"), ids);
        ObjectNode engine = JsonNodeFactory.instance.objectNode().put("type", "BPE");
        engine.set("vocab", vocabulary);
        engine.set("merges", model.path("merges"));
        JsonNode unknown = model.path("unk_token");
        if (!unknown.isMissingNode() && !unknown.isNull()) {
            if (!ids.containsKey(unknown.textValue())) {
                throw file.refused("model.unk_token", unknown, "a piece of model.vocab");
            }
            engine.set("unk_token", unknown);
        }
        for (String flag : FLAGS) {
            if (!model.path(flag).isMissingNode()) {
                if (!model.path(flag).isBoolean()) {
                    throw file.refused("model." + flag, model.path(flag), "true or false");
                }
                engine.set(flag, model.path(flag));
            }
        }
        return new BpeModel(engine, Map.copyOf(ids));
    }

    /** A byte without a piece would vanish from texts. */
    void requireEveryByte(JsonFile file) {
        for (int value = 0; value < 256; value++) {
            String piece = Character.toString(ByteAlphabet.character(value));
            if (!ids.containsKey(piece)) {
                throw new ModelFileException(file.path() + ": model.vocab lacks \"" + piece + "\", the piece of byte "
                        + String.format("0x%02X", value) + "; a byte-level tokenizer needs one for every byte");
            }
        }
    }

    private static void refuseWhatIsNotSupported(JsonFile file, JsonNode model) {
        JsonNode type = model.path("type");
        if (!type.isMissingNode() && !"BPE".equals(type.textValue())) {
            throw file.refused("model.type", type, "\"BPE\", that of GPT-2, Llama and Qwen");
        }
        model.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw file.refused("model." + key, model.get(key), "a model without it");
            }
        });
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            JsonNode found = model.path(affix);
            if (!found.isMissingNode() && !found.isNull() && !"".equals(found.textValue())) {
                throw file.refused("model." + affix, found, "null or \"\"");
            }
        }
        JsonNode dropout = model.path("dropout");
        if (!dropout.isMissingNode() && !dropout.isNull() && !(dropout.isNumber() && dropout.doubleValue() == 0)) {
            throw file.refused("model.dropout", dropout, "null: the same text must become the same ids each time");
        }
    }

    private static Map<String, Integer> pieces(JsonFile file, ObjectNode vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        Map<Integer, String> pieces = new HashMap<>();
        vocabulary.properties().forEach(entry -> {
            String place = "model.vocab[\"" + entry.getKey() + "\"]";
            int id = TokenizerJson.id(file, place, entry.getValue());
            ids.put(entry.getKey(), id);
            String other = pieces.put(id, entry.getKey());
            if (other != null) {
                throw file.refused(
                        place, entry.getValue(), "an id of its own: \"" + Shown.text(other) + "\" has this one");
            }
        });
        return ids;
    }

    private static void merges(JsonFile file, JsonNode merges, Map<String, Integer> ids) {
        if (!merges.isArray()) {
            throw file.refused("model.merges", merges, "a list of pairs");
        }
        for (int i = 0; i < merges.size(); i++) {
            JsonNode merge = merges.get(i);
            String[] pair = pair(merge);
            if (pair.length != 2) {
                throw file.refused("model.merges[" + i + "]", merge, "two pieces: \"a b\" or [\"a\", \"b\"]");
            }
            for (String piece : List.of(pair[0], pair[1], pair[0] + pair[1])) {
                if (!ids.containsKey(piece)) {
                    throw file.refused(
                            "model.merges[" + i + "]",
                            merge,
                            "pieces of model.vocab, which lacks \"" + Shown.text(piece) + "\"");
                }
            }
        }
    }

    private static String[] pair(JsonNode merge) {
        if (merge.isTextual()) {
            return merge.textValue().split(" ", -1);
        }
        boolean two =
                merge.size() == 2 && merge.path(0).isTextual() && merge.path(1).isTextual();
        return two ? new String[] {merge.get(0).textValue(), merge.get(1).textValue()} : new String[0];
    }
}
