// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.model.Role;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;

@DisplayName("A model that is measured with another run's questions")
class MeasuredModelTest {
    private static final String SMALL = """
        name = small
        kernels = reference
        model { layers = 2, hidden = 8, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 4 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 4 }
        phases = [ { kind = sft, steps = 1, rows-per-step = 4 } ]
        """;

    @TempDir
    Path folder;

    private record Outcome(int exit, String err) {}

    private static Outcome rl(Object... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exit, err.toString(StandardCharsets.UTF_8));
    }

    private Outcome train(String name, String more) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".conf"), SMALL + more);
        return rl("train", file, "--set", "run.dir=" + folder.resolve(name));
    }

    /** Settings of an adapter for what run {@code base} left, named by the run itself. */
    private String lora(int rank) {
        return "model { path = \"" + folder.resolve("base") + "\", frozen-weights = bf16, adapter { rank = " + rank
                + ", targets = [q_proj] } }\n";
    }

    @BeforeEach
    void train() throws IOException {
        assertThat(train("base", "")).isEqualTo(new Outcome(0, ""));
        assertThat(train("lora", lora(2))).isEqualTo(new Outcome(0, ""));
    }

    private void measure(String run, String model) {
        String to = "run.dir=" + folder.resolve(run + "-eval");
        assertThat(rl("eval", folder.resolve(run), "--model", folder.resolve(model), "--set", to))
                .isEqualTo(new Outcome(0, ""));
    }

    @Test
    @DisplayName("Gets no adapter and is not rounded, as provenance shows; nothing of it is saved")
    void whole() throws IOException {
        measure("lora", "base");
        JsonNode provenance = new ObjectMapper()
                .readTree(folder.resolve("lora-eval/provenance.json").toFile());
        assertThat(provenance.get("model").textValue())
                .isEqualTo(folder.resolve("base/model").toString());
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = LanguageModel.load(folder.resolve("base/model"), kernels, Role.POLICY)) {
            assertThat(provenance.get("weights").textValue()).isEqualTo(base.contentHash());
        }
        try (Stream<Path> files = Files.walk(folder.resolve("lora-eval"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(f -> f.getFileName().toString()))
                    .contains("summary.json", "eval.jsonl")
                    .noneMatch(name -> name.endsWith(".safetensors") || name.equals("state.json"));
        }
        assertThat(rl("generate", folder.resolve("lora-eval"), "1+2=").err())
                .contains("it only measured one, which provenance.json names under \"model\"");
    }

    @Test
    @DisplayName("Keeps its own adapter, whatever the run adapts or freezes")
    void otherAdapter() throws IOException {
        assertThat(train("wide", lora(3))).isEqualTo(new Outcome(0, ""));
        measure("lora", "wide");
        assertThat(train("frozen", "model { freeze-layers = 1, freeze-embeddings = true }\n"))
                .isEqualTo(new Outcome(0, ""));
        measure("frozen", "wide");
    }

    @Test
    @DisplayName("Can be named by its run wherever a model can")
    void runs() throws IOException {
        assertThat(train("again", "model.path = \"" + folder.resolve("lora") + "\"\n"))
                .isEqualTo(new Outcome(0, ""));
        assertThat(folder.resolve("again/model/adapter_config.json")).exists();
        assertThat(train(
                        "from",
                        "phases = [ { kind = eval, from = \"" + folder.resolve("base") + "\" } ]\nmodel.path = \""
                                + folder.resolve("base") + "\"\n"))
                .isEqualTo(new Outcome(0, ""));
    }

    @Test
    @DisplayName("Nothing to round is a problem of the configuration")
    void nothingToRound() throws IOException {
        Outcome outcome = train("whole", "model.frozen-weights = bf16\n");
        assertThat(outcome.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .contains("whole.conf:9: model.frozen-weights: there are no frozen weights to hold in bf16")
                .contains("add model.adapter, which freezes them, or leave frozen-weights out");
    }
}
