// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.testkit.Settings;

/** Every configuration that a docs page shows makes an algorithm, and none of its keys is idle. */
class RecipesTest {
    private static final Pattern BLOCK = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

    /** Those that hold an algorithm's block; what includes a preset is tested with the presets. */
    static List<String> recipes() throws IOException {
        List<String> recipes = new ArrayList<>();
        try (Stream<Path> pages = Files.list(Path.of("..", "docs", "algorithms"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                BLOCK.matcher(Files.readString(page))
                        .results()
                        .map(block -> block.group(1))
                        .filter(block -> block.contains("algorithm {") && !block.contains("include"))
                        .forEach(recipes::add);
            }
        }
        return recipes;
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void isRead(String recipe) {
        String name = Settings.of(recipe).object("algorithm").string("name");
        AlgorithmProvider provider = ServiceLoader.load(AlgorithmProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
        Settings settings = Settings.of("algorithm {\n" + provider.defaults() + "\n}", recipe);
        ConfigReader own = settings.object("algorithm");
        own.string("name");
        assertThat(provider.create(own).needs().describe()).isNotBlank();
        assertThat(settings.problems()).isEmpty();
        // What no recipe sets belongs to choices that it does not make.
        Settings shown = Settings.of(recipe);
        assertThat(settings.unread())
                .filteredOn(key -> key.startsWith("algorithm."))
                .noneMatch(key -> isSet(shown, key));
    }

    static boolean isSet(ConfigReader block, String key) {
        int dot = key.indexOf('.');
        return dot < 0
                ? block.has(key)
                : block.has(key.substring(0, dot))
                        && isSet(block.object(key.substring(0, dot)), key.substring(dot + 1));
    }
}
