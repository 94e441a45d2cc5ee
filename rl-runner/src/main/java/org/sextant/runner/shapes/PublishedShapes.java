// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.shapes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sextant.models.files.JsonFile;

/** Shapes by name, each what the {@code config.json} of the published model says. */
public final class PublishedShapes {
    /** Those that are known; {@code conf/models} has a file for each. */
    public static final List<String> NAMES = List.of("gpt2", "llama-3.2-1b", "qwen2.5-0.5b", "qwen3-0.6b");

    private static final ObjectMapper JSON = new ObjectMapper();

    private PublishedShapes() {}

    /**
     * The {@code config.json} of a shape.
     *
     * @param nameOrFile one of {@link #NAMES}, or a {@code config.json}
     * @throws IllegalArgumentException if it is neither
     * @throws org.sextant.models.files.ModelFileException if the file is no JSON object
     */
    static ObjectNode config(String nameOrFile) {
        try {
            if (NAMES.contains(nameOrFile)) {
                try (InputStream in = PublishedShapes.class.getResourceAsStream(nameOrFile + ".json")) {
                    return (ObjectNode) JSON.readTree(in);
                }
            }
            Path file = Path.of(nameOrFile);
            if (Files.exists(file)) {
                return JsonFile.read(file).copy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shape " + nameOrFile + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("'" + nameOrFile + "' is no shape: known are " + String.join(", ", NAMES)
                + ", and the path of a config.json");
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }
}
