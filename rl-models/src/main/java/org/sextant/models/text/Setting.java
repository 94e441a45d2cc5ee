// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.sextant.models.files.JsonFile;

/**
 * A setting of a {@link Component}.
 *
 * @param name in the file
 * @param kind what it may be
 * @param optional whether the library has a default for it
 */
record Setting(String name, Kind kind, boolean optional) {
    /** What a setting may be. */
    enum Kind {
        FLAG("true or false", JsonNode::isBoolean),
        TEXT("a text", JsonNode::isTextual),
        CHARACTER(
                "one character",
                v -> v.isTextual()
                        && v.textValue().codePointCount(0, v.textValue().length()) == 1),
        COUNT("a whole number, 0 to 1000", v -> v.isInt() && v.intValue() >= 0 && v.intValue() <= 1000),
        PATTERN(
                "{\"String\": \"…\"} or {\"Regex\": \"…\"}",
                v -> v.size() == 1
                        && (v.path("String").isTextual() || v.path("Regex").isTextual())),
        BEHAVIOR(
                "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous",
                oneOf("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")),
        SCHEME("first, never or always", oneOf("first", "never", "always"));

        private final String words;
        private final Predicate<JsonNode> allowed;

        Kind(String words, Predicate<JsonNode> allowed) {
            this.words = words;
            this.allowed = allowed;
        }

        private static Predicate<JsonNode> oneOf(String... names) {
            return value -> value.isTextual() && Set.of(names).contains(value.textValue());
        }
    }

    static Setting of(String name, Kind kind) {
        return new Setting(name, kind, false);
    }

    static Setting optional(String name, Kind kind) {
        return new Setting(name, kind, true);
    }

    /** Copies all settings of a component; one that is wrong, missing or unknown is an error. */
    static void copy(List<Setting> settings, JsonFile file, String place, JsonNode from, ObjectNode to) {
        for (Setting setting : settings) {
            JsonNode value = from.path(setting.name);
            if (value.isMissingNode() && setting.optional) {
                continue;
            }
            if (!setting.kind.allowed.test(value)) {
                throw file.refused(place + "." + setting.name, value, setting.kind.words);
            }
            to.set(setting.name, value);
        }
        from.fieldNames().forEachRemaining(name -> {
            if (!to.has(name)) {
                throw file.refused(place + "." + name, from.get(name), "none: the setting is not known");
            }
        });
    }
}
