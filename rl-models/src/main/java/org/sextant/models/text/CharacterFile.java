// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.WholeFile;

/** The file of a {@link CharacterTokenizer}: {@code {"format": "sextant-characters", "version": 1, "characters": "…"}}. */
final class CharacterFile {
    private static final String FORMAT = "sextant-characters";
    private static final int VERSION = 1;

    private CharacterFile() {}

    static void write(Path file, String alphabet) {
        ObjectNode root = StrictJson.JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("version", VERSION);
        root.put("characters", alphabet);
        WholeFile.writeText(file, root + "\n");
    }

    static CharacterTokenizer read(Path file) {
        JsonNode root = StrictJson.read(file).root();
        if (!FORMAT.equals(root.path("format").textValue())) {
            throw new ModelFileException(file + " is not a character tokenizer: its format is "
                    + (root.has("format") ? root.get("format") : "not said") + ", not \"" + FORMAT + "\"");
        }
        if (!root.path("version").isInt() || root.path("version").intValue() != VERSION) {
            throw new ModelFileException(
                    file + " has version " + root.path("version") + "; this program reads version " + VERSION);
        }
        if (!root.path("characters").isTextual()) {
            throw new ModelFileException(
                    file + " is damaged: characters is " + root.path("characters") + ", not a text");
        }
        try {
            return CharacterTokenizer.of(root.path("characters").textValue());
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(file + " is damaged: " + e.getMessage(), e);
        }
    }
}
