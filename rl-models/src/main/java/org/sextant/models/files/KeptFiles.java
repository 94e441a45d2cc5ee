// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files of a model's directory that training does not change and that a saved model needs as much: how to generate, how to tokenise, under which
 * licence. They are kept in memory, so that a model can be saved when the directory that it came from is long gone.
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

    /** Names of licences, of notices that they demand, and of rules for use. */
    private static final Pattern LICENCE =
            Pattern.compile("(?i)(licen[cs]e|notice|copying|use_policy)([._-][a-z0-9._-]{0,40})?");

    private static final String TEMPLATES = "additional_chat_templates";
    private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9_-]{1,100}\\.jinja");
    /** Larger ones are none. */
    private static final int MOST_TEXT_BYTES = 1 << 20;

    private static final int MOST_TEXTS = 50;

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
        keepTexts(directory, directory, LICENCE, contents);
        keepTexts(directory, directory.resolve(TEMPLATES), TEMPLATE, contents);
        return new KeptFiles(contents);
    }

    private static void keepTexts(Path directory, Path folder, Pattern names, SortedMap<String, byte[]> contents) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> found = all.filter(
                            file -> names.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .limit(MOST_TEXTS)
                    .toList();
            for (Path file : found) {
                if (Files.isRegularFile(file) && Files.size(file) <= MOST_TEXT_BYTES && isOf(directory, file)) {
                    String name = folder.equals(directory) ? "" : TEMPLATES + "/";
                    contents.put(name + file.getFileName(), RegularFile.bytes(file, MOST_TEXT_BYTES));
                }
            }
        } catch (IOException e) {
            throw ModelFileException.of("read", folder, e);
        }
    }

    /** Whether a file is where it seems to be, or in the hub's cache, where a model's files are links to {@code ../../blobs}. */
    private static boolean isOf(Path directory, Path file) throws IOException {
        Path home = directory.toRealPath();
        Path real = file.toRealPath();
        return real.startsWith(home)
                || real.startsWith(home.resolve("../../blobs").normalize());
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
