// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.testkit.Settings;

/** Every configuration that a docs page shows makes an algorithm, and none of its keys is idle. */
class RecipesTest {
    private static final Pattern BLOCK = Pattern.compile("```hocon\n(algorithm \\{.*?)```", Pattern.DOTALL);

    static List<String> recipes() throws IOException {
        List<String> recipes = new ArrayList<>();
        for (String page : List.of("grpo", "rloo", "sft")) {
            Matcher matcher = BLOCK.matcher(Files.readString(Path.of("..", "docs", "algorithms", page + ".md")));
            assertThat(matcher.find()).as("%s.md shows a configuration", page).isTrue();
            do {
                recipes.add(matcher.group(1));
            } while (matcher.find());
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
        assertThat(settings.unread()).noneMatch(key -> isSet(shown, key));
    }

    static boolean isSet(ConfigReader block, String key) {
        int dot = key.indexOf('.');
        return dot < 0
                ? block.has(key)
                : block.has(key.substring(0, dot))
                        && isSet(block.object(key.substring(0, dot)), key.substring(dot + 1));
    }
}
