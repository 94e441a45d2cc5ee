// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.testkit.Settings;

/** The files of {@code conf/algorithms}: parts of a phase, with an algorithm's block in each. */
public final class Presets {
    private static final Path HOME = Path.of("..", "conf", "algorithms");

    private Presets() {}

    /** Names of all files, without their ending. */
    public static List<String> names() {
        try (Stream<Path> files = Files.list(HOME)) {
            return files.map(file -> file.getFileName().toString().replace(".conf", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a file alone. */
    public static Settings file(String name) {
        return Settings.of(text(name));
    }

    static String text(String name) {
        try {
            return Files.readString(HOME.resolve(name + ".conf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static AlgorithmProvider provider(String algorithm) {
        return ServiceLoader.load(AlgorithmProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(algorithm))
                .findFirst()
                .orElseThrow();
    }

    /** The algorithm of a file, with more settings of its block over those of the file. */
    public static Algorithm algorithm(String name, String... more) {
        AlgorithmProvider provider = provider(file(name).object("algorithm").string("name"));
        Settings settings = Settings.of(
                "algorithm {\n" + provider.defaults() + "\n}",
                text(name),
                "algorithm {\n" + String.join("\n", more) + "\n}");
        Algorithm algorithm = provider.create(settings.object("algorithm"));
        if (!settings.problems().isEmpty()) {
            throw new IllegalArgumentException(name + ".conf: " + settings.problems());
        }
        return algorithm;
    }
}
