// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.config.ConfigException;
import org.sextant.runner.config.Layers;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;

@DisplayName("Settings of critics and references that cannot be followed")
class RoleProblemsTest {
    private static final String PHASE = "phases = [ { kind = rl, steps = 1, prompts-per-step = 4, algorithm { name ="
            + " actor-critic, reference = true }\n%s } ]\n";

    @TempDir
    static Path folder;

    @BeforeAll
    static void models() throws Exception {
        String sft = "phases = [ { kind = sft, rows-per-step = 4, steps = 1 } ]\n";
        new SmallRun(folder.resolve("small")).run(sft);
        new SmallRun(folder.resolve("minus")).run(sft + "task.operators = [\"-\"]\n");
        new SmallRun(folder.resolve("large"))
                .run(sft + "model { layers = 2, hidden = 24, heads = 2, key-value-heads = 1, context = 16 }\n");
        new SmallRun(folder.resolve("adapted"))
                .run(sft + "model { path = \"" + folder.resolve("small")
                        + "\", adapter { rank = 2, targets = [q_proj] } }\n");
    }

    private static Experiment read(String hocon) {
        Wiring wiring = Wiring.of(new Plugins(List.of()));
        return wiring.get(ExperimentReader.class).read(Layers.parse("x.conf", SmallRun.BASE + hocon, List.of()));
    }

    private static int line(String hocon) {
        return (int) SmallRun.BASE.lines().count() + (int) hocon.lines().count();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "critic { trunk = policy, from = fresh } | critic.from | is 'fresh', and with trunk = policy the"
                        + " critic is a head",
                "critic { trunk = policy, pretrain-steps = 1 } | critic.pretrain-steps | is 1, and with trunk = policy"
                        + " no step",
                "critic { pretrain-steps = -1 } | critic.pretrain-steps | -1",
                "critic { form = start } | critic.form | unknown key (did you mean 'from'?)",
                "critic { optimiser.micro-batch-tokens = 8 } | critic.optimiser.micro-batch-tokens | unknown key",
                "critic { trunk = shared } | critic.trunk | own, policy",
                "reference { from = fresh } | reference.from | is 'fresh', and a KL penalty cannot measure",
                "reference { update-rate = 0 } | reference.update-rate | is 0, with which the reference never moves",
                "reference { update-rate = 1.5 } | reference.update-rate | 1.5",
                "reference { distribution-megabytes = 0 } | reference.distribution-megabytes | 0",
            })
    @DisplayName("Are problems of the configuration, each at its line")
    void whileReading(String settings, String key, String message) {
        String hocon = PHASE.formatted(settings);
        assertThatThrownBy(() -> read(hocon))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("x.conf:" + line(hocon) + ": phases[0]." + key + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "critic.from = \"DIR/nowhere\" | critic.from | no model is in ",
                "reference.from = \"DIR/nowhere\" | reference.from | set the directory of a saved model or of a run,"
                        + " or start",
                "critic.from = \"DIR/minus\" | critic.from | has the tokenizer CharacterTokenizer[0123456789=-], this"
                        + " run",
                "reference.from = \"DIR/minus\" | reference.from | all models of a run share one tokenizer",
                "reference { from = \"DIR/large\", update-every = 1 } | reference.update-every | needs two"
                        + " transformers of one shape",
                "reference { from = \"DIR/adapted\", update-every = 1 } | reference.from | with an adapter a reference"
                        + " can follow",
            })
    @DisplayName("Are found before anything is loaded where they name models that do not fit")
    void beforeLoading(String settings, String key, String message) {
        String hocon = PHASE.formatted(settings.replace("DIR", folder.toString()));
        Experiment experiment = read(hocon);
        assertThatThrownBy(() -> StartingModel.of(experiment).requireSaved())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("x.conf:" + line(hocon) + ": phases[0]." + key + ": ")
                .hasMessageContaining(message);
    }

    @Test
    @DisplayName("Distributions that would take more than they may are refused with what they need")
    void distributions() {
        Experiment experiment = read(PHASE.replace("prompts-per-step = 4", "prompts-per-step = 10000")
                .formatted("reference.distribution-megabytes = 1"));
        // 10,000 prompts with 4 answers of 3 tokens over 13 ids in 4 bytes each: 6,240,000 bytes.
        assertThatThrownBy(() -> StartingModel.of(experiment).requireSaved())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "phases[0].reference.distribution-megabytes: is 1, and an exact KL over 13 token ids"
                                + " at every token of 40000 answers needs up to 6: raise it");
    }

    @Test
    @DisplayName("There must be frozen weights to round: a critic in training has none, a reference has")
    void rounding() {
        String critic =
                "phases = [ { kind = rl, steps = 1, prompts-per-step = 4, algorithm { name = actor-critic } } ]\n";
        assertThatThrownBy(() -> StartingModel.of(read(critic + "model.frozen-weights = bf16\n"))
                        .requireSaved())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("model.frozen-weights: there are no frozen weights");
        StartingModel.of(read(PHASE.formatted("") + "model.frozen-weights = bf16\n"))
                .requireSaved();
    }
}
