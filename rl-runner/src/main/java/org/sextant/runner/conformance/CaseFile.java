// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sextant.models.files.ModelFileException;

/**
 * A JSON file with a top-level list {@code cases}.
 *
 * @param path where it is
 * @param name relative to the directory that was asked for, with forward slashes
 * @param cases in the order of the file
 */
record CaseFile(Path path, String name, List<Case> cases) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** All JSON files under a directory, by name. */
    static List<Path> under(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(p -> p.getFileName().toString().endsWith(".json"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    static String name(Path directory, Path path) {
        return directory.relativize(path).toString().replace('\\', '/');
    }

    /** The cases of a file; empty if it has no list of them ({@code config.json}). */
    static Optional<CaseFile> read(Path directory, Path path) throws IOException {
        JsonNode top;
        try {
            top = JSON.readTree(path.toFile());
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "not JSON: " + ModelFileException.words(e) + " (line "
                            + e.getLocation().getLineNr() + ")",
                    e);
        }
        JsonNode cases = top == null ? null : top.get("cases");
        if (cases == null || !cases.isArray()) {
            return Optional.empty();
        }
        List<Case> read = new ArrayList<>();
        for (JsonNode json : cases) {
            read.add(readCase(json, top, read.size()));
        }
        return Optional.of(new CaseFile(path, name(directory, path), List.copyOf(read)));
    }

    private static Case readCase(JsonNode json, JsonNode top, int number) {
        String id = json.path("id").asText("case " + number);
        String method = json.path("method").asText(json.path("kind").asText("(no method)"));
        String type = json.path("dtype").asText(top.path("dtype").asText("float64"));
        boolean single = type.startsWith("float32") || top.has("weights_file");
        return new Case(id, method, json, single ? Precision.FLOAT : Precision.DOUBLE);
    }
}
