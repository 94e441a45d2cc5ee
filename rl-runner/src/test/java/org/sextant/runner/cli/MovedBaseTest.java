// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Commands on an adapter whose model has moved")
class MovedBaseTest {
    private static final String SMALL = """
        name = small
        kernels = reference
        model { layers = 1, hidden = 8, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 4 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 4 }
        phases = [ { kind = sft, steps = 2, rows-per-step = 4 } ]
        """;

    @TempDir
    Path folder;

    private Path file;
    private Path run;
    private Path moved;

    private record Outcome(int exit, String err) {}

    private static Outcome rl(Object... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exit, err.toString(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void trainAndMove() throws Exception {
        Path base = Files.writeString(folder.resolve("base.conf"), SMALL);
        file = Files.writeString(
                folder.resolve("lora.conf"),
                SMALL + "model { path = \"" + folder.resolve("base/model")
                        + "\", adapter { rank = 2, targets = [q_proj] } }\n");
        run = folder.resolve("run");
        moved = folder.resolve("moved/model");
        assertThat(rl("train", base, "--set", "run.dir=" + folder.resolve("base")))
                .isEqualTo(new Outcome(0, ""));
        assertThat(rl("train", file, "--set", "run.dir=" + run)).isEqualTo(new Outcome(0, ""));
        Files.move(folder.resolve("base"), folder.resolve("moved"));
    }

    private void assertAsksForTheBase(Outcome outcome) {
        assertThat(outcome.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(outcome.err())
                .startsWith("rl: the adapter in " + run.resolve("model") + " was trained on weights of SHA-256 ")
                .contains(folder.resolve("base/model") + ": no model is there")
                .contains("--base DIR for eval, generate and export");
    }

    @Test
    void generate() {
        assertAsksForTheBase(rl("generate", run, "1+2=", "--kernels", "reference"));
        assertThat(rl("generate", run, "1+2=", "--kernels", "reference", "--base", moved))
                .isEqualTo(new Outcome(0, ""));
    }

    @Test
    void export() {
        assertAsksForTheBase(rl("export", run, folder.resolve("out")));
        assertThat(rl("export", run, folder.resolve("out"), "--base", moved)).isEqualTo(new Outcome(0, ""));
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/model.safetensors");
    }

    @Test
    void eval() {
        String to = "run.dir=" + folder.resolve("eval");
        assertAsksForTheBase(rl("eval", run, "--set", to));
        assertThat(folder.resolve("eval")).doesNotExist();
        assertThat(rl("eval", run, "--set", to, "--base", moved)).isEqualTo(new Outcome(0, ""));
        Outcome other = rl("eval", run, "--set", "model.path=" + moved);
        assertThat(other.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(other.err()).contains("would measure another model", "--base");
    }

    @Test
    @DisplayName(
            "A finished run needs no model to say that it is finished, an unfinished one says where its own is not")
    void train() throws Exception {
        Files.delete(run.resolve("summary.json"));
        assertThat(rl("train", file, "--set", "run.dir=" + run, "--resume").err())
                .startsWith("rl: the adapter in " + run.resolve("checkpoints/step-2/model") + " was trained on")
                .contains("--set model.base=DIR for ./rl train");
        assertThat(rl("train", file, "--set", "run.dir=" + run, "--set", "model.path=" + moved, "--resume"))
                .isEqualTo(new Outcome(0, ""));
        assertThat(rl("train", file, "--set", "run.dir=" + run, "--resume")).isEqualTo(new Outcome(0, ""));
    }
}
