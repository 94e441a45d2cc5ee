// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.sextant.models.files.JsonFile;
import org.sextant.models.text.Setting.Kind;

/** A part of a {@code tokenizer.json} besides its model: what kinds it may be of, and with which settings. */
enum Component {
    NORMALIZER("normalizer", "normalizers") {
        @Override
        void kinds() {
            List.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase").forEach(type -> kind(type));
            kind("Prepend", Setting.of("prepend", Kind.TEXT));
            kind("Replace", Setting.of("pattern", Kind.PATTERN), Setting.of("content", Kind.TEXT));
            kind("Strip", Setting.of("strip_left", Kind.FLAG), Setting.of("strip_right", Kind.FLAG));
        }
    },
    PRE_TOKENIZER("pre_tokenizer", "pretokenizers") {
        @Override
        void kinds() {
            kind("ByteLevel", BYTE_LEVEL);
            kind("Metaspace", METASPACE);
            kind("Digits", Setting.of("individual_digits", Kind.FLAG));
            kind("Punctuation", Setting.optional("behavior", Kind.BEHAVIOR));
            kind("WhitespaceSplit");
            kind(
                    "Split",
                    Setting.of("pattern", Kind.PATTERN),
                    Setting.of("behavior", Kind.BEHAVIOR),
                    Setting.of("invert", Kind.FLAG));
        }
    },
    DECODER("decoder", "decoders") {
        @Override
        void kinds() {
            kind("ByteLevel", BYTE_LEVEL);
            kind("Metaspace", METASPACE);
            kind("ByteFallback");
            kind("Fuse");
            kind("Replace", Setting.of("pattern", Kind.PATTERN), Setting.of("content", Kind.TEXT));
            kind(
                    "Strip",
                    Setting.of("content", Kind.CHARACTER),
                    Setting.of("start", Kind.COUNT),
                    Setting.of("stop", Kind.COUNT));
        }
    };

    private static final String SEQUENCE = "Sequence";
    private static final Setting[] BYTE_LEVEL = {
        Setting.of("add_prefix_space", Kind.FLAG),
        Setting.of("trim_offsets", Kind.FLAG),
        Setting.optional("use_regex", Kind.FLAG)
    };
    private static final Setting[] METASPACE = {
        Setting.of("replacement", Kind.CHARACTER),
        Setting.optional("add_prefix_space", Kind.FLAG),
        Setting.optional("prepend_scheme", Kind.SCHEME),
        Setting.optional("split", Kind.FLAG)
    };

    private final String key;
    private final String inner;
    private final Map<String, List<Setting>> settings = new HashMap<>();

    static {
        for (Component component : values()) {
            component.kinds();
        }
    }

    /**
     * @param key in the file
     * @param inner key of the list inside a sequence of them
     */
    Component(String key, String inner) {
        this.key = key;
        this.inner = inner;
    }

    abstract void kinds();

    final void kind(String type, Setting... ofIt) {
        settings.put(type, List.of(ofIt));
    }

    /** A copy of what the file has, every setting of it checked. */
    JsonNode read(JsonFile file) {
        JsonNode found = file.root().path(key);
        return found.isMissingNode() || found.isNull() ? NullNode.getInstance() : copy(file, key, found);
    }

    /** Whether a component is {@code ByteLevel}, or one inside it. */
    static boolean byteLevel(JsonNode component) {
        return component.findValues("type").stream().anyMatch(type -> "ByteLevel".equals(type.textValue()));
    }

    private ObjectNode copy(JsonFile file, String place, JsonNode found) {
        String type = found.path("type").textValue();
        if (SEQUENCE.equals(type)) {
            return sequence(file, place, found);
        }
        if (type == null || !settings.containsKey(type)) {
            TreeSet<String> known = new TreeSet<>(settings.keySet());
            known.add(SEQUENCE);
            throw file.refused(place + ".type", found.path("type"), "one of " + known);
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode().put("type", type);
        Setting.copy(settings.get(type), file, place, found, copy);
        return copy;
    }

    private ObjectNode sequence(JsonFile file, String place, JsonNode found) {
        if (!found.path(inner).isArray()) {
            throw file.refused(place + "." + inner, found.path(inner), "a list");
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode().put("type", SEQUENCE);
        ArrayNode parts = copy.putArray(inner);
        for (int i = 0; i < found.path(inner).size(); i++) {
            parts.add(copy(
                    file, place + "." + inner + "[" + i + "]", found.path(inner).path(i)));
        }
        return copy;
    }
}
