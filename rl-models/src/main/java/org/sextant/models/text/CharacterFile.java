// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.sextant.models.files.JsonFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.WholeFile;

/** The file of a {@link CharacterTokenizer}: {@code {"format": "sextant-characters", "version": 1, "characters": "…"}}. */
final class CharacterFile {
    private static final String FORMAT = "sextant-characters";
    private static final int VERSION = 1;

    private CharacterFile() {}

    static void write(Path file, String alphabet) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("format", FORMAT);
        root.put("version", VERSION);
        root.put("characters", alphabet);
        WholeFile.writeText(file, root + "\n");
    }

    static CharacterTokenizer read(Path file) {
        JsonFile json = JsonFile.read(file);
        JsonNode root = json.root();
        if (!FORMAT.equals(root.path("format").textValue())) {
            throw json.refused("format", root.path("format"), "\"" + FORMAT + "\"");
        }
        if (!root.path("version").isInt() || root.path("version").intValue() != VERSION) {
            throw json.refused("version", root.path("version"), String.valueOf(VERSION));
        }
        if (!root.path("characters").isTextual()) {
            throw json.refused("characters", root.path("characters"), "a text");
        }
        try {
            return CharacterTokenizer.of(root.path("characters").textValue());
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(file + ": characters: " + e.getMessage(), e);
        }
    }
}
