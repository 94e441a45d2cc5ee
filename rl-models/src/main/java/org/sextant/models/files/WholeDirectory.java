// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Fills a new directory completely or not at all: files are made in a folder inside it, on the same disk, and appear when all of them are there,
 * {@code config.json} last, which makes a directory a model's. What fails leaves the directory as it was, so that it can be tried again.
 */
public final class WholeDirectory {
    private static final String UNFINISHED = ".unfinished";

    private WholeDirectory() {}

    /**
     * @param directory that is not there, or empty
     * @param body makes the files in the folder that it is given
     * @throws IllegalArgumentException if there is something in the directory
     * @throws ModelFileException if it cannot be written
     */
    public static <T> T write(Path directory, Function<Path, T> body) {
        Path unfinished = directory.resolve(UNFINISHED);
        try {
            boolean made = !Files.exists(directory);
            requireEmpty(directory);
            try {
                remove(unfinished);
                Files.createDirectories(unfinished);
                T result = body.apply(unfinished);
                finish(unfinished, directory);
                return result;
            } catch (ModelFileException e) {
                throw new ModelFileException(e.getMessage().replace(unfinished.toString(), directory.toString()), e);
            } finally {
                remove(unfinished);
                if (made && list(directory).isEmpty()) {
                    Files.delete(directory);
                }
            }
        } catch (IOException e) {
            throw ModelFileException.of("write", directory, e);
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        boolean empty = !Files.exists(directory)
                || Files.isDirectory(directory) && list(directory).stream().allMatch(file -> file.endsWith(UNFINISHED));
        if (!empty) {
            throw new IllegalArgumentException(
                    directory + " is not an empty directory; name one that is not there yet, or is empty");
        }
    }

    private static void finish(Path unfinished, Path directory) throws IOException {
        Comparator<Path> configLast = Comparator.comparing(file -> file.endsWith(ModelConfigFile.NAME));
        for (Path file : list(unfinished).stream()
                .sorted(configLast.thenComparing(Comparator.naturalOrder()))
                .toList()) {
            Files.move(file, directory.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
        }
        WholeFile.syncDirectory(directory);
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
