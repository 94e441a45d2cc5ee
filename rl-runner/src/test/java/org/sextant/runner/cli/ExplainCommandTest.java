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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainCommandTest {
    @TempDir
    Path folder;

    /** The quickstart with one phase. */
    private String explain(String phase, String... options) throws IOException {
        Path quickstart =
                Path.of("..", "conf", "quickstart.conf").toAbsolutePath().normalize();
        Path file = Files.writeString(
                folder.resolve("x.conf"), "include file(\"" + quickstart + "\")\nphases = [ " + phase + " ]\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] arguments = new String[options.length + 2];
        arguments[0] = "explain";
        arguments[1] = file.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        assertThat(Main.run(arguments, both, both)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void saysWhatAStepOfPpoIsMadeOf() throws IOException {
        String said = explain("""
            { kind = rl, steps = 7, epochs = 2, mini-batches = 4, prompts-per-step = 1500
              critic { from = fresh, pretrain-steps = 3 }
              reference { update-every = 5, update-rate = 0.5 }
              algorithm { name = ppo, samples-per-prompt = 2 } }\
            """);

        assertThat(said)
                .contains("phase 1: rl, 7 steps")
                .contains("A_t = δ_t + λ A_{t+1}, λ = 0.95")
                .contains("critic (trained, alone in the first 3 steps, from fresh weights)")
                .contains("reference (moves to the policy every 5 steps,")
                .contains("1,500 questions × 2 = 3,000 answers a step")
                .contains("by reference, by critic")
                .contains("8 optimiser steps: 2 times forward and backward")
                .doesNotContain("WARNING");
        assertThat(said.lines()).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        critic.pretrain-steps = 2                     | block critic is set, and this algorithm has no critic
        reference.update-every = 2                    | block reference is set, and nothing measures from it
        mini-batches = 1, target-kl = 0.1             | target-kl is set
        algorithm.samples-per-prompt = 1, dynamic-sampling.rounds = 2 | every group is dropped
        answers.overlong { limit = 100, buffer = 10 } | answers.overlong begins at 90 tokens
        """)
    void warnsOfWhatDoesNothing(String setting, String warning) throws IOException {
        String base = "{ kind = rl, mini-batches = 2, algorithm { name = grpo, kl.coefficient = 0 } }";
        String with = "{ kind = rl, mini-batches = 2, algorithm { name = grpo, kl.coefficient = 0 }, " + setting + " }";

        assertThat(explain(base)).doesNotContain("WARNING");
        assertThat(explain(with).replaceAll("\\s+", " ")).contains("WARNING").contains(warning);
    }

    @Test
    void countsWhatABaselineCosts() throws IOException {
        assertThat(explain("{ kind = rl, algorithm.name = remax }")).contains("and 32 greedy ones");
        assertThat(explain("{ kind = rl, algorithm { name = ppo, credit { kind = monte-carlo, branch-every = 2,"
                        + " branch-samples = 3 } } }"))
                .contains("up to 288 continuations");
    }

    @Test
    void programsReadTheSame() throws IOException {
        JsonNode phase = new ObjectMapper()
                .readTree(explain(
                        "{ kind = rl, steps = 3, algorithm { name = grpo, samples-per-prompt = 1 } }", "--json"))
                .get("phases")
                .get(0);

        assertThat(phase.get("kind").asText()).isEqualTo("rl");
        assertThat(phase.get("steps").asInt()).isEqualTo(3);
        assertThat(phase.get("settings").get("loss").asText()).isEqualTo("policy + β KL");
        assertThat(phase.get("warnings")).hasSize(1);
    }
}
