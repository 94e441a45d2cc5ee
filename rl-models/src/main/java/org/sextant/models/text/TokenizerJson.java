// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sextant.models.files.ModelFileException;

/**
 * A {@code tokenizer.json} of the Hugging Face library {@code tokenizers}, checked. The library gives up the whole process over some damaged
 * files, so all that it is handed is checked here first, and what it must not do (pad, cut, put tokens around a text) is taken out.
 *
 * @param engine the JSON for the library
 * @param ids of every piece and added token
 * @param special ids that the file calls special
 * @param front ids that the post-processor puts in front of a text
 */
record TokenizerJson(byte[] engine, Map<String, Integer> ids, Set<Integer> special, List<Integer> front) {
    private static final Set<String> NORMALIZERS =
            Set.of("Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "Replace", "Strip");
    private static final Set<String> PRE_TOKENIZERS =
            Set.of("Sequence", "ByteLevel", "Split", "Metaspace", "Digits", "Punctuation", "WhitespaceSplit");
    private static final Set<String> DECODERS =
            Set.of("Sequence", "ByteLevel", "ByteFallback", "Fuse", "Metaspace", "Replace", "Strip");
    private static final List<String> ADDED_FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    /** @throws ModelFileException that names the first place which is damaged or not supported */
    static TokenizerJson read(JsonFile file) {
        ObjectNode root = file.root();
        Map<String, Integer> ids = BpeModel.ids(file);
        boolean bytes = components(file, "pre_tokenizer", "pretokenizers", PRE_TOKENIZERS);
        components(file, "normalizer", "normalizers", NORMALIZERS);
        components(file, "decoder", "decoders", DECODERS);
        if (bytes) {
            requireEveryByte(file, ids);
        }
        Set<Integer> special = addedTokens(file, ids);
        List<Integer> front = PostProcessor.front(file, ids);
        ObjectNode engine = JsonFile.JSON.createObjectNode();
        engine.setAll(root);
        engine.putNull("truncation");
        engine.putNull("padding");
        engine.putNull("post_processor");
        try {
            return new TokenizerJson(JsonFile.JSON.writeValueAsBytes(engine), Map.copyOf(ids), special, front);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(file.path() + " is damaged: " + ModelFileException.words(e), e);
        }
    }

    /** Number of ids: one more than the largest. */
    int size() {
        return 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    static int id(JsonFile file, String place, JsonNode found) {
        if (!found.isIntegralNumber()
                || !found.canConvertToInt()
                || found.intValue() < 0
                || found.intValue() == Integer.MAX_VALUE) {
            throw file.refused(place, found, "an id, a whole number from 0");
        }
        return found.intValue();
    }

    /** Checks the kinds of a component and of those inside it; whether it, or one of them, is {@code ByteLevel}. */
    private static boolean components(JsonFile file, String key, String inner, Set<String> known) {
        JsonNode component = file.root().path(key);
        if (component.isMissingNode() || component.isNull()) {
            return false;
        }
        return component(file, key, component, inner, known);
    }

    private static boolean component(JsonFile file, String place, JsonNode component, String inner, Set<String> known) {
        String type = component.path("type").textValue();
        if (type == null || !known.contains(type)) {
            throw file.refused(place + ".type", component.path("type"), "one of " + new TreeSet<>(known));
        }
        boolean bytes = type.equals("ByteLevel");
        if (type.equals("Sequence")) {
            if (!component.path(inner).isArray()) {
                throw file.refused(place + "." + inner, component.path(inner), "a list");
            }
            for (int i = 0; i < component.path(inner).size(); i++) {
                String at = place + "." + inner + "[" + i + "]";
                bytes |= component(file, at, component.path(inner).path(i), inner, known);
            }
        }
        return bytes;
    }

    /** A byte without a piece would vanish from texts. */
    private static void requireEveryByte(JsonFile file, Map<String, Integer> ids) {
        for (int value = 0; value < 256; value++) {
            String piece = Character.toString(ByteAlphabet.character(value));
            if (!ids.containsKey(piece)) {
                throw new ModelFileException(file.path() + ": model.vocab lacks \"" + piece + "\", the piece of byte "
                        + String.format("0x%02X", value) + "; a byte-level tokenizer needs one for every byte");
            }
        }
    }

    /** Puts added tokens among the ids; those that are special. */
    private static Set<Integer> addedTokens(JsonFile file, Map<String, Integer> ids) {
        Set<Integer> special = new TreeSet<>();
        JsonNode added = file.root().path("added_tokens");
        int next = ids.size();
        for (int i = 0; i < added.size(); i++) {
            String place = "added_tokens[" + i + "]";
            JsonNode token = added.path(i);
            String content = token.path("content").textValue();
            if (content == null || content.isEmpty()) {
                throw file.refused(place + ".content", token.path("content"), "a text that is not empty");
            }
            int id = id(file, place + ".id", token.path("id"));
            // What the library does, which passes over the id in the file.
            int given = ids.containsKey(content) ? ids.get(content) : next++;
            if (id != given) {
                throw file.refused(
                        place + ".id",
                        token.path("id"),
                        given + " for \"" + content + "\": ids follow those of model.vocab");
            }
            ids.put(content, id);
            for (String flag : ADDED_FLAGS) {
                if (!token.path(flag).isBoolean()) {
                    throw file.refused(place + "." + flag, token.path(flag), "true or false");
                }
            }
            if (token.path("special").booleanValue()) {
                special.add(id);
            }
        }
        return special;
    }
}
