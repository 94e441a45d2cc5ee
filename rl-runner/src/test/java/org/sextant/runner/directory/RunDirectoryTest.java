// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.runner.config.Layers;
import org.sextant.runner.config.Setting;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.Fakes;

class RunDirectoryTest {
    @TempDir
    Path runs;

    private static Experiment experiment(String... settings) {
        String hocon = "name = exp, task { name = counting }, reward { name = constant }, phases = [ { kind = rest } ]";
        List<Setting> overrides = Arrays.stream(settings).map(Setting::parse).toList();
        return Fakes.read(Layers.parse("x.conf", hocon, overrides));
    }

    private RunDirectory open(boolean resume, String... settings) {
        Experiment experiment = experiment(settings);
        return RunDirectory.open(runs, experiment.config(), experiment.resolved(), resume);
    }

    @Test
    void runsAreNumbered() throws IOException {
        for (String n : List.of("1", "2")) {
            try (RunDirectory run = open(false)) {
                assertThat(run.path()).isEqualTo(runs.resolve("exp").resolve(n));
                assertThat(run.resumed()).isFalse();
            }
        }
        Files.createDirectories(runs.resolve("exp/10"));
        Files.createDirectories(runs.resolve("exp/notes"));
        try (RunDirectory run = open(false)) {
            assertThat(run.path()).endsWithRaw(Path.of("11"));
        }
    }

    @Test
    void resumeContinuesTheLastOrStartsAfresh() {
        try (RunDirectory run = open(true)) {
            assertThat(run.path()).endsWithRaw(Path.of("1"));
            assertThat(run.resumed()).isFalse();
        }
        open(false).close();
        try (RunDirectory run = open(true)) {
            assertThat(run.path()).endsWithRaw(Path.of("2"));
            assertThat(run.resumed()).isTrue();
        }
    }

    @Test
    void runThatIsThereNeedsResume() {
        String there = "run.dir=" + runs.resolve("mine");
        open(false, there).close();
        assertThatThrownBy(() -> open(false, there))
                .isInstanceOf(StorageException.class)
                .hasMessage(runs.resolve("mine")
                        + " holds a run already; continue it with --resume, remove it, or choose another run.dir");
        try (RunDirectory run = open(true, there)) {
            assertThat(run.resumed()).isTrue();
        }
    }

    @Test
    void resumeWithAnotherConfigurationNamesTheDifference() {
        String there = "run.dir=" + runs.resolve("mine");
        open(false, there, "threads=1").close();
        open(true, there, "threads=2", "log.samples-every=1").close();
        assertThatThrownBy(() -> open(true, there, "seed=2", "phases[0].steps=5"))
                .hasMessage(runs.resolve("mine")
                        + " holds a run of another configuration, so it cannot be continued with this one:"
                        + " phases[0].steps is 3 there and 5 here; seed is 1 there and 2 here");
    }

    @Test
    void leftoversOfAKillAreRemoved() throws IOException {
        Path mine = runs.resolve("mine");
        String there = "run.dir=" + mine;
        open(false, there).close();
        Files.createDirectories(mine.resolve("checkpoints/step-5"));
        Files.createDirectories(mine.resolve("checkpoints/step-10.tmp/inner"));
        Files.writeString(mine.resolve("checkpoints/step-10.tmp/inner/weights"), "half");
        Files.writeString(mine.resolve("summary.json.tmp"), "half");
        Files.createDirectories(mine.resolve("models/start"));
        Files.writeString(mine.resolve("models/start/.model.safetensors.partial"), "half");
        open(true, there).close();
        assertThat(mine.resolve("checkpoints/step-5")).exists();
        assertThat(mine.resolve("checkpoints/step-10.tmp")).doesNotExist();
        assertThat(mine.resolve("summary.json.tmp")).doesNotExist();
        assertThat(mine.resolve("models/start")).isEmptyDirectory();
    }

    @Test
    void killBeforeTheConfigurationWasWrittenIsNoRun() throws IOException {
        Path mine = Files.createDirectories(runs.resolve("mine"));
        Files.writeString(mine.resolve("config.conf.tmp"), "half");
        Files.writeString(mine.resolve(".lock"), "1");
        try (RunDirectory run = open(true, "run.dir=" + mine)) {
            assertThat(run.resumed()).isFalse();
        }
    }

    @Test
    void directoryOfSomethingElseIsLeftAlone() throws IOException {
        Path mine = Files.createDirectories(runs.resolve("mine"));
        Files.writeString(mine.resolve("thesis.tex"), "precious");
        Files.writeString(Files.createDirectories(mine.resolve("download.tmp")).resolve("data.partial"), "precious");
        assertThatThrownBy(() -> open(true, "run.dir=" + mine))
                .hasMessage(mine + " is not empty and holds no run (there is download.tmp); choose another run.dir");
        assertThat(mine.resolve("thesis.tex")).hasContent("precious");
        assertThat(mine.resolve("download.tmp/data.partial")).hasContent("precious");
    }

    @Test
    void oneProcessAtATime() {
        String there = "run.dir=" + runs.resolve("mine");
        try (RunDirectory run = open(false, there)) {
            assertThat(run.finished()).isFalse();
            assertThatThrownBy(() -> open(true, there))
                    .hasMessage("run directory " + runs.resolve("mine") + " is in use by process "
                            + ProcessHandle.current().pid() + "; wait for it, or choose another run.dir");
        }
        open(true, there).close();
    }

    @Test
    void unwritablePlacesAreOneSentence() throws IOException {
        Path file = Files.writeString(runs.resolve("file"), "x");
        assertThatThrownBy(() -> open(false, "run.dir=" + file.resolve("inner")))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("cannot write " + file.resolve("inner") + ": ");
        assertThatThrownBy(() -> open(false, "run.dir=" + file))
                .hasMessage("cannot write " + file + ": it exists already and is not a directory");
    }

    @Test
    void fullDiskIsOneSentence() {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        try (JsonLines lines = JsonLines.open(full)) {
            assertThatThrownBy(() -> lines.add(Map.of("a", 1)))
                    .isInstanceOf(StorageException.class)
                    .hasMessage(
                            "cannot write /dev/full: No space left on device; free some space and go on with --resume");
        }
    }

    @Test
    void summaryIsFlatSortedAndMarksTheEnd() throws IOException {
        try (RunDirectory run = open(false)) {
            run.writeSummary(Map.of("seed", 1L, "eval/accuracy", 0.5, "loss", Double.NaN, "name", "x"));
            assertThat(run.finished()).isTrue();
            assertThat(Files.readString(run.path().resolve("summary.json"))).isEqualToIgnoringNewLines("""
                {
                  "eval/accuracy" : 0.5,
                  "loss" : null,
                  "name" : "x",
                  "seed" : 1
                }
                """);
            assertThatThrownBy(() -> run.writeSummary(Map.of("nested", Map.of())))
                    .hasMessage("summary value 'nested' is not a number or text: {}");
        }
    }

    @Test
    void provenanceSaysWhatTheRunWasMadeWith() throws IOException {
        Path jar = Files.writeString(runs.resolve("plugin.jar"), "abc");
        try (RunDirectory run = open(false)) {
            run.writeProvenance(() -> Provenance.collect("id", 5, "vector", "/models/a", "w1", List.of(jar)));
            run.writeProvenance(() -> Provenance.collect("id", 6, "vector", "fresh", "w2", List.of()));
            JsonNode json = new ObjectMapper()
                    .readTree(run.path().resolve("provenance.json").toFile());
            assertThat(json.get("seed").asInt()).isEqualTo(5);
            assertThat(json.get("schema_version").asInt()).isEqualTo(1);
            // FIPS 180-2, appendix B.1
            assertThat(json.get("plugins").get("plugin.jar").asText())
                    .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
            assertThat(json.fieldNames())
                    .toIterable()
                    .contains("commit", "cores", "identity", "jdk", "kernels", "processor", "system", "weights");
            assertThat(json.get("model").asText()).isEqualTo("/models/a");
        }
    }

    @Test
    void resolvedConfigurationIsThere() {
        try (RunDirectory run = open(false)) {
            assertThat(run.path().resolve("config.conf"))
                    .content()
                    .contains("name = \"counting\"")
                    .contains("# reference.conf:");
        }
    }
}
