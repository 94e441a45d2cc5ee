// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.config.ConfigException;
import org.sextant.api.events.LoopEvent;
import org.sextant.models.files.ModelFileException;
import org.sextant.runner.config.Layers;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;

@DisplayName("A network that is not our transformer")
class NetworkTest {
    private static final String BIGRAM = "model.network { name = bigram }\n";
    private static final String PHASES = """
        phases = [
          { kind = sft, steps = 3, rows-per-step = 8, optimiser.learning-rate = 0.1 }
          { kind = rl, steps = 4, prompts-per-step = 4, mini-batches = 2, optimiser.learning-rate = 0.1
            algorithm { name = grpo, samples-per-prompt = 3 } }
          { kind = eval }
        ]
        """;

    @TempDir
    Path folder;

    private StartingModel start(String hocon) {
        Wiring wiring = Wiring.of(new Plugins(List.of()));
        return StartingModel.of(wiring.get(ExperimentReader.class)
                .read(Layers.parse("test.conf", SmallRun.NETWORK + hocon, List.of())));
    }

    private SmallRun run(String name) {
        return new SmallRun(folder.resolve(name)).ofNetwork();
    }

    @Test
    @DisplayName("Learns from demonstrations and from rewards, and is saved as what it is")
    void trains() throws Exception {
        SmallRun run = run("whole");
        run.run("phases = [ { kind = sft, steps = 60, rows-per-step = 16, optimiser.learning-rate = 0.2 } ]\n"
                + BIGRAM);
        double first = run.metrics.getFirst().get("loss");
        assertThat(run.metrics.getLast().get("loss")).isLessThan(0.8 * first);
        Path saved = folder.resolve("whole/model");
        assertThat(Files.readString(saved.resolve("network.json")))
                .contains("\"provider\": \"bigram\"", "\"context\": 16", "\"outputs\": [ ]");
        assertThat(saved.resolve("config.json")).doesNotExist();

        SmallRun further = run("further");
        further.run(PHASES + "model.path = \"" + folder.resolve("whole") + "\"\n");
        assertThat(further.metrics.getFirst().get("loss")).isLessThan(0.9 * first);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "5, 1", "6, 3"})
    @DisplayName("Goes on after a kill as if nothing had happened, its optimiser too")
    void resumes(int killedAfter, int checkpointEvery) throws Exception {
        String hocon = PHASES + BIGRAM + "checkpoint.every = " + checkpointEvery;
        SmallRun straight = run("straight");
        straight.run(hocon);
        SmallRun killed = run("killed").dyingAfter(killedAfter);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(resumed.answers).isEqualTo(straight.answers);
        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(Files.readString(folder.resolve("killed/model/table.txt")))
                .isEqualTo(Files.readString(folder.resolve("straight/model/table.txt")));
    }

    @ParameterizedTest
    @CsvSource({"own", "policy"})
    @DisplayName("Is trained as a critic, by itself or as an output of the policy, and goes on after a kill")
    void trainedCritic(String trunk) throws Exception {
        String hocon = "phases = [ { kind = rl, steps = 4, prompts-per-step = 4, optimiser.learning-rate = 0.05"
                + ", critic { trunk = " + trunk + ", optimiser.learning-rate = 0.05 }"
                + ", algorithm { name = actor-critic } } ]\nreward = null\nreward { name = constant, value = 0.7 }\n"
                + "model.network { name = bigram, heads = [value] }\n";
        SmallRun straight = run("straight");
        straight.run(hocon);
        assertThat(straight.metrics.getLast().get("loss/value"))
                .isLessThan(0.9 * straight.metrics.getFirst().get("loss/value"));
        assertThat(folder.resolve("straight/critic/network.json").toFile().exists())
                .isEqualTo(trunk.equals("own"));
        SmallRun killed = run("killed").dyingAfter(2);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(resumed.model()).isEqualTo(straight.model());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "critic.from = fresh | phases[0].critic.from: is 'fresh', and only a transformer can be made anew",
                "reference.update-every = 1 | phases[0].reference.update-every: is 1, and this reference cannot follow"
            })
    @DisplayName("Cannot be made anew or averaged: what asks for that is refused at its key")
    void refused(String setting, String message) {
        String hocon = "model.network { name = bigram, heads = [value] }\nphases = [ { kind = rl, steps = 1, " + setting
                + ", algorithm { name = actor-critic, reference = true } } ]\n";
        assertThatThrownBy(() -> start(hocon).requireSaved())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    @DisplayName("Is a reference, a critic and a reward model, where it has their outputs")
    void roles() throws Exception {
        String rl = "phases = [ { kind = rl, steps = 3, prompts-per-step = 4, algorithm { name = every-role }"
                + ", optimiser.learning-rate = 0.1 } ]\n";
        SmallRun run = run("roles");
        run.run(rl + "model.network { name = bigram, heads = [value, score] }\n");
        List<SortedMap<String, Double>> steps = run.events.stream()
                .filter(LoopEvent.StepFinished.class::isInstance)
                .map(event -> ((LoopEvent.StepFinished) event).metrics())
                .toList();
        assertThat(steps.getFirst().get("largest_value")).isPositive();
        assertThat(steps.getFirst().get("largest_score")).isPositive();
        assertThat(steps.getFirst()).containsEntry("moved", 0.0);
        assertThat(steps.getLast().get("moved")).isPositive();

        StartingModel without = start(rl + "model.network { name = bigram, heads = [score] }\n");
        assertThatThrownBy(without::requireSaved)
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("phase 1 needs a critic")
                .hasMessageContaining("has no output 'value'");
        assertThatThrownBy(() -> run("without").run(rl + "model.network { name = bigram, heads = [score] }\n"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("has no output 'value'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'adapter { rank = 2, targets = [q_proj] }' | adapter | adapters",
                "freeze-layers = 1 | freeze-layers | partial freezing",
                "freeze-embeddings = true | freeze-embeddings | partial freezing",
                "frozen-weights = bf16 | frozen-weights | rounded weights",
                "recompute-activations = true | recompute-activations | recomputation of activations"
            })
    @DisplayName("Refuses settings that it cannot follow, fresh or saved, by the capability that it lacks")
    void refused(String setting, String key, String capability) throws Exception {
        assertThatThrownBy(() -> start(PHASES + BIGRAM + "model { " + setting + " }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.conf:")
                .hasMessageContaining(": model." + key)
                .hasMessageContaining("this network does not have, " + capability);

        run("saved").run("phases = [ { kind = sft, steps = 1, rows-per-step = 4 } ]\n" + BIGRAM);
        String path = "\nmodel.path = \"" + folder.resolve("saved") + "\"\n";
        StartingModel saved = start(PHASES + path + "model { " + setting + " }\n");
        assertThatThrownBy(saved::requireSaved)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.conf:")
                .hasMessageContaining("this network does not have, " + capability);
    }

    @Test
    @DisplayName("Takes no shape of a transformer beside it, and says which providers there are")
    void shape() {
        assertThatThrownBy(() -> start(PHASES + BIGRAM + "model.layers = 3\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("model.layers: is for a transformer, and network names another network");
        assertThatThrownBy(() -> start(PHASES + "model.network { name = bigrams }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("found 'bigrams', which is no network");
        assertThatThrownBy(() -> start(PHASES + "model.network { name = bigram, contxt = 3 }\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key");
    }

    @Test
    @DisplayName("Cannot be opened where its provider is not, and says whose it is")
    void provider() throws Exception {
        run("saved").run("phases = [ { kind = sft, steps = 1, rows-per-step = 4 } ]\n" + BIGRAM);
        Path file = folder.resolve("saved/model/network.json");
        Files.writeString(file, Files.readString(file).replace("bigram", "elsewhere"));
        String path = "model.path = \"" + folder.resolve("saved") + "\"\n";
        assertThatThrownBy(() -> run("next").run(PHASES + path))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("was made by the provider 'elsewhere'")
                .hasMessageContaining("bigram");
    }
}
