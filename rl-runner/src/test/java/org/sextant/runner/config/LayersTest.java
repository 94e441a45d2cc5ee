// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.config.ConfigException;

class LayersTest {
    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static ConfigValue at(Layers layers, String path) {
        return layers.merged().toConfig().getValue(path);
    }

    private static Layers layers(String hocon, String... settings) {
        return Layers.parse(
                "x.conf",
                hocon,
                java.util.Arrays.stream(settings).map(Setting::parse).toList());
    }

    @Test
    void commandLineIsOverFileIsOverIncludeIsOverReference() throws IOException {
        write("base.conf", "seed = 2\nmodel { layers = 5\n hidden = 32 }\n");
        Path file = write("run.conf", "include \"base.conf\"\nmodel { layers = 6 }\nthreads = 3\n");

        Layers layers = Layers.load(file, List.of(Setting.parse("threads=1")));

        assertThat(at(layers, "threads").unwrapped()).isEqualTo(1);
        assertThat(Origins.of(at(layers, "threads"))).isEqualTo("command line --set");
        assertThat(at(layers, "model.layers").unwrapped()).isEqualTo(6);
        assertThat(Origins.of(at(layers, "model.layers"))).isEqualTo(file + ":2");
        assertThat(at(layers, "model.hidden").unwrapped()).isEqualTo(32);
        assertThat(Origins.of(at(layers, "model.hidden"))).isEqualTo(folder.resolve("base.conf") + ":3");
        assertThat(at(layers, "model.tied").unwrapped()).isEqualTo(true);
        assertThat(Origins.of(at(layers, "model.tied"))).startsWith("reference.conf:");
    }

    @Test
    void settingReachesIntoLists() {
        Layers layers = layers(
                "phases = [ { kind = a }, { kind = b, steps = 9 } ]", "phases[1].steps=10", "phases.0.own.rate=3e-4");
        List<?> phases = layers.given().toConfig().getAnyRefList("phases");
        assertThat(phases).hasToString("[{kind=a, own={rate=3.0E-4}}, {kind=b, steps=10}]");
        assertThat(layers.merged().toConfig().getAnyRefList("phases")).isEqualTo(phases);
    }

    @Test
    void blocksThatTheCommandLineMakesAreItsOwn() {
        Layers layers = layers("phases = [ { kind = a } ]", "phases[0].optimizer.learning-rate=1", "optimizer.x=2");
        ConfigList phases = (ConfigList) layers.given().get("phases");
        assertThat(Origins.of(((ConfigObject) phases.get(0)).get("optimizer"))).isEqualTo("command line --set");
        assertThat(Origins.of(layers.given().get("optimizer"))).isEqualTo("command line --set");
    }

    @Test
    void settingOutsideAListSaysSo() {
        assertThatThrownBy(() -> layers("phases = [ { kind = a } ]", "phases[1].steps=10"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("command line --set: phases.1.steps: [1] is not in a list of 1; the first is [0]");
    }

    @Test
    void settingsAreNumbersListsOrPlainText() {
        Layers layers = layers(
                "",
                "a=5",
                "b=-1e-3",
                "c=true",
                "d=two words # no comment",
                "e=[1, x]",
                "f=\"5\"",
                "g=",
                "h={i=1}",
                "j=a//b=c");
        assertThat(layers.given().unwrapped())
                .containsEntry("a", 5)
                .containsEntry("b", -1e-3)
                .containsEntry("c", true)
                .containsEntry("d", "two words # no comment")
                .containsEntry("e", List.of(1, "x"))
                .containsEntry("f", "5")
                .containsEntry("g", "")
                .containsEntry("h", java.util.Map.of("i", 1))
                .containsEntry("j", "a//b=c");
    }

    @Test
    void badSettingsSayWhatIsExpected() {
        assertThatThrownBy(() -> Setting.parse("seed"))
                .hasMessage("command line --set: seed: expected path=value, for example --set seed=2");
        assertThatThrownBy(() -> Setting.parse("a..b=1"))
                .hasMessage("command line --set: a..b: is not a path of keys such as phases[0].steps");
        assertThatThrownBy(() -> Setting.parse("ids=[1,"))
                .hasMessageStartingWith("command line --set: ids: the value [1, is not HOCON: ");
    }

    @Test
    void substitutionsSeeTheCommandLine() {
        Layers layers = layers("model { hidden = 8, intermediate = ${model.hidden} }", "model.hidden=16");
        assertThat(at(layers, "model.intermediate").unwrapped()).isEqualTo(16);
    }

    @Test
    void fileThatIsNotThere() {
        Path file = folder.resolve("nothing.conf");
        assertThatThrownBy(() -> Layers.load(file, List.of())).hasMessage(file + ": no such file");
        assertThatThrownBy(() -> Layers.load(folder, List.of()))
                .hasMessage(folder + ": is a directory, not a configuration file");
    }

    @Test
    void fileThatIsNotHoconNamesTheLine() throws IOException {
        Path file = write("broken.conf", "seed = 1\nmodel { layers = \n}}\n");
        assertThatThrownBy(() -> Layers.load(file, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ":3: ");
    }

    @Test
    void includeThatIsNotThereIsAnErrorOfTheIncludingFile() throws IOException {
        Path file = write("run.conf", "seed = 1\ninclude \"bse.conf\"\n");
        assertThatThrownBy(() -> Layers.load(file, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": includes 'bse.conf', and there is no such file beside it");
    }

    @Test
    void fileNamedWithoutADirectoryIncludesFromTheWorkingDirectory() throws IOException {
        Path base = Files.createTempFile(Path.of(""), "base", ".conf");
        Path file = Files.createTempFile(Path.of(""), "run", ".conf");
        try {
            Files.writeString(base, "seed = 7");
            Files.writeString(file, "include \"" + base.getFileName() + "\"");
            assertThat(at(Layers.load(file.getFileName(), List.of()), "seed").unwrapped())
                    .isEqualTo(7);
            Files.writeString(file, "include \"gone.conf\"");
            assertThatThrownBy(() -> Layers.load(file.getFileName(), List.of()))
                    .hasMessage(file.getFileName() + ": includes 'gone.conf', and there is no such file beside it");
        } finally {
            Files.delete(base);
            Files.delete(file);
        }
    }

    @Test
    void includedFileByPathMustBeThereToo() throws IOException {
        Path file = write("run.conf", "include file(\"gone.conf\")\n");
        assertThatThrownBy(() -> Layers.load(file, List.of()))
                .hasMessage(file + ": includes file 'gone.conf', which is not there");
    }

    @Test
    void unresolvedSubstitutionNamesTheLine() throws IOException {
        Path file = write("run.conf", "seed = 1\nname = ${nothing}\n");
        assertThatThrownBy(() -> Layers.load(file, List.of()))
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining("${nothing}");
    }
}
