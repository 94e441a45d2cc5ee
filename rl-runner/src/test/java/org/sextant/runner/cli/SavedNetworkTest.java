// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Commands on a saved network that is not our transformer")
class SavedNetworkTest {
    private static final String SMALL = """
        name = small
        kernels = reference
        model.network { name = bigram }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 4 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 4 }
        phases = [ { kind = sft, steps = 1, rows-per-step = 4 } ]
        """;

    @TempDir
    Path folder;

    private record Outcome(int exit, String out, String err) {}

    private static Outcome rl(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Main.run(
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path run;

    @BeforeEach
    void train() throws IOException {
        Path file = Files.writeString(folder.resolve("small.conf"), SMALL);
        run = folder.resolve("run");
        Outcome trained = rl("train", file, "--set", "run.dir=" + run);
        assertThat(trained.err()).isEmpty();
        assertThat(trained.exit()).isZero();
    }

    @Test
    @DisplayName("generate and eval work on it")
    void measured() {
        Outcome answered = rl("generate", run, "--json", "--max-new-tokens", "2", "1+2=");
        assertThat(answered.exit()).as(answered.err()).isZero();
        assertThat(answered.out()).contains("\"prompt\":\"1+2=\"", "\"logp\":-");
        Outcome measured = rl("eval", run, "--set", "run.dir=" + folder.resolve("eval"));
        assertThat(measured.exit()).as(measured.err()).isZero();
        assertThat(folder.resolve("eval/eval.jsonl")).isNotEmptyFile();
    }

    @Test
    @DisplayName("export says that it writes transformers")
    void exported() {
        Outcome refused = rl("export", run, folder.resolve("out"));
        assertThat(refused.exit()).isEqualTo(ExitCode.INPUT);
        assertThat(refused.err()).contains("is a network of bigram, and export writes transformers");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    @DisplayName("A dry run counts it, and says what it is")
    void planned() {
        Outcome plan = rl("train", folder.resolve("small.conf"), "--dry-run");
        assertThat(plan.out()).contains("policy: fresh, table of 13 by 15, context 16, 13 token ids, 195 parameters");
    }
}
