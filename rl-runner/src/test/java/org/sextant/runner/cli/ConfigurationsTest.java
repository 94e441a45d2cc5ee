// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.config.Provider;
import org.sextant.runner.config.Layers;
import org.sextant.runner.wiring.Catalog;
import org.sextant.runner.wiring.Catalogs;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;

/** The configurations and plugins that come with Sextant. */
class ConfigurationsTest {
    private static final Wiring WIRING = Wiring.of(new Plugins(List.of()));

    /** Settings of estimators and schedules, each of which has its own. */
    private static final String OF_SOME_CHOICE = "(credit|value)\\.[a-z-]+|kl\\.(final|horizon|steps|target)";

    private static final Path CONF = Path.of("..", "conf");

    /** Experiments; the files of conf/models are parts of some. */
    static List<Path> files() throws IOException {
        return in(CONF);
    }

    /** Those of the hub; a network is part of an experiment in {@link #files}. */
    static List<Path> models() throws IOException {
        return in(CONF.resolve("models")).stream()
                .filter(file -> !Layers.load(file, List.of()).given().toConfig().hasPath("model.network"))
                .toList();
    }

    private static List<Path> in(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found =
                    files.filter(f -> f.toString().endsWith(".conf")).sorted().toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyModelCanBeIncluded(Path file, @TempDir Path directory) throws IOException {
        String name = file.getFileName().toString();
        Path experiment = Files.writeString(
                directory.resolve("experiment.conf"), includes(CONF.resolve("gsm8k.conf")) + includes(file));
        Experiment read = WIRING.get(ExperimentReader.class).read(Layers.load(experiment, List.of()));
        assertThat(read.config().model().path())
                .contains(Path.of("models", name.substring(0, name.length() - ".conf".length())));
    }

    static List<Path> presets() throws IOException {
        return in(CONF.resolve("algorithms"));
    }

    @ParameterizedTest
    @MethodSource("presets")
    void everyPresetCanBeIncludedInAPhase(Path file, @TempDir Path directory) throws IOException {
        Path experiment = Files.writeString(
                directory.resolve("experiment.conf"),
                includes(CONF.resolve("quickstart.conf")) + "phases = [ { kind = rl\n" + includes(file) + "} ]\n");
        Experiment read = WIRING.get(ExperimentReader.class).read(Layers.load(experiment, List.of()));
        assertThat(read.phases()).hasSize(1);
        assertThat(Files.readString(file)).startsWith("# ");
    }

    private static String includes(Path file) {
        return "include file(\"" + file.toAbsolutePath().normalize() + "\")\n";
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyConfigurationLoadsAndItsResolvedFormIsTheSameRun(Path file) {
        ExperimentReader reader = WIRING.get(ExperimentReader.class);
        Experiment experiment = reader.read(Layers.load(file, List.of()));
        Experiment again =
                reader.read(Layers.parse(file.toString(), experiment.resolved().render(true), List.of()));
        assertThat(again.resolved().identity()).isEqualTo(experiment.resolved().identity());
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyDefaultOfEveryPartThatIsUsedIsRead(Path file) {
        Experiment experiment = WIRING.get(ExperimentReader.class).read(Layers.load(file, List.of()));
        TreeSet<String> read = new TreeSet<>(experiment.resolved().leaves().keySet());
        Catalogs catalogs = WIRING.get(Catalogs.class);
        experiment.resolved().leaves().forEach((path, value) -> {
            String block = path.replaceFirst("\\.?[^.]*$", "");
            if (path.matches("phases\\[\\d+]\\.kind|(.*\\.)?(task|reward|environment|algorithm)\\.name")) {
                Catalog<?> catalog = catalog(catalogs, path);
                Provider<?> provider =
                        catalog.byName().get(value.replace("\"", "")).get();
                Layers.defaults(provider.defaults(), "defaults").toConfig().entrySet().stream()
                        .filter(entry -> !entry.getKey().matches(OF_SOME_CHOICE))
                        .forEach(entry -> assertThat(read)
                                .as("default '%s' of %s %s", entry.getKey(), catalog.kind(), value)
                                .contains(block + "." + entry.getKey()));
            }
        });
    }

    private static Catalog<?> catalog(Catalogs catalogs, String path) {
        String kind = path.endsWith(".kind")
                ? "phase"
                : path.replaceFirst("\\.name$", "").replaceFirst(".*\\.", "");
        return catalogs.all().stream()
                .filter(c -> c.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyPluginSaysWhatItIsAndCommentsEachSetting() {
        for (Catalog<?> catalog : WIRING.get(Catalogs.class).all()) {
            catalog.byName().forEach((name, provider) -> {
                Provider<?> part = provider.get();
                if (isOfATest(part)) {
                    return;
                }
                assertThat(part.name()).matches("[a-z][a-z0-9-]*");
                assertThat(part.summary()).as(name).isNotBlank().doesNotContain("\n");
                assertCommented(name, Layers.defaults(part.defaults(), name));
            });
        }
    }

    private static boolean isOfATest(Provider<?> part) {
        return part.getClass()
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath()
                .matches(".*/test(-classes)?/");
    }

    @Test
    void everyKeyOfTheReferenceIsCommented() {
        assertCommented("the runner", Layers.reference());
    }

    /** Each setting has a comment, or stands right below one that it shares it with, or in a block that has one. */
    private static void assertCommented(String whose, ConfigObject block) {
        Set<Integer> lines = block.entrySet().stream()
                .map(e -> e.getValue().origin().lineNumber())
                .collect(Collectors.toSet());
        block.forEach((key, value) -> {
            boolean commented = !value.origin().comments().isEmpty()
                    || lines.contains(value.origin().lineNumber() - 1);
            if (value instanceof ConfigObject inner && !commented) {
                assertCommented(whose + " " + key, inner);
            } else {
                assertThat(commented).as("comment on '%s' of %s", key, whose).isTrue();
            }
        });
    }
}
