// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sextant.models.files.JsonFile;
import org.sextant.models.files.ModelFileException;

/**
 * A {@code tokenizer.json} of the Hugging Face library {@code tokenizers}, checked. The library gives up the whole process over some damaged
 * files, so it is handed a copy of what is known to be right; what it must not do (pad, cut, put tokens around a text) is left out of it.
 *
 * @param engine the JSON for the library
 * @param ids of every piece and added token
 * @param special ids that the file calls special
 * @param front ids that the post-processor puts in front of a text
 */
record TokenizerJson(byte[] engine, Map<String, Integer> ids, Set<Integer> special, List<Integer> front) {
    private static final String VERSION = "1.0";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws ModelFileException that names the first place which is damaged or not supported */
    static TokenizerJson read(JsonFile file) {
        JsonNode version = file.root().path("version");
        if (!version.isMissingNode() && !VERSION.equals(version.textValue())) {
            throw file.refused("version", version, "\"" + VERSION + "\"");
        }
        BpeModel model = BpeModel.read(file);
        ObjectNode engine = JsonNodeFactory.instance.objectNode().put("version", VERSION);
        engine.set("normalizer", Component.NORMALIZER.read(file));
        engine.set("pre_tokenizer", Component.PRE_TOKENIZER.read(file));
        engine.set("decoder", Component.DECODER.read(file));
        if (Component.byteLevel(engine.get("pre_tokenizer"))) {
            model.requireEveryByte(file);
        }
        Map<String, Integer> ids = new HashMap<>(model.ids());
        AddedTokens added = AddedTokens.read(file, ids);
        engine.set("added_tokens", added.engine());
        engine.set("model", model.engine());
        List<Integer> front = PostProcessor.front(file, ids);
        try {
            return new TokenizerJson(JSON.writeValueAsBytes(engine), Map.copyOf(ids), added.special(), front);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(file.path() + " is damaged: " + ModelFileException.words(e), e);
        }
    }

    /** Number of ids: one more than the largest. */
    int size() {
        return 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    static int id(JsonFile file, String place, JsonNode found) {
        boolean id = found.isInt() && found.intValue() >= 0 && found.intValue() < Integer.MAX_VALUE;
        if (!id) {
            throw file.refused(place, found, "an id, a whole number from 0");
        }
        return found.intValue();
    }
}
