// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Files of a model's directory that training does not change and that a saved model needs as much: how to generate, how to tokenise. They are
 * kept in memory, so that a model can be saved when the directory that it came from is long gone.
 */
public final class KeptFiles {
    private static final List<String> NAMES = List.of(
            ModelConfigFile.NAME,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json");
    /** Most bytes of one of them: four times the largest tokenizer that is known. */
    public static final int MOST_BYTES = 128_000_000;

    private final SortedMap<String, byte[]> contents;

    private KeptFiles(SortedMap<String, byte[]> contents) {
        this.contents = contents;
    }

    /** What a model has that was not loaded. */
    public static KeptFiles none() {
        return new KeptFiles(new TreeMap<>());
    }

    /** @throws ModelFileException if one of them cannot be read */
    public static KeptFiles of(Path directory) {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                contents.put(name, RegularFile.bytes(file, MOST_BYTES));
            }
        }
        return new KeptFiles(contents);
    }

    /** Names of those that are there. */
    public Set<String> names() {
        return Collections.unmodifiableSet(contents.keySet());
    }

    /** One of them that is JSON, if it is there. */
    Optional<JsonFile> file(String name) {
        return Optional.ofNullable(contents.get(name)).map(bytes -> JsonFile.parse(Path.of(name), bytes));
    }

    /** Writes them unchanged, each completely or not at all; not {@code config.json}, which {@link ModelConfigFile#write} writes. */
    public void writeTo(Path directory) {
        contents.forEach((name, bytes) -> {
            if (!name.equals(ModelConfigFile.NAME)) {
                WholeFile.writeBytes(directory.resolve(name), bytes);
            }
        });
    }
}
