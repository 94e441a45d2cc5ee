// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart with a Deeplearning4j network, with a part of its steps; docs/networks.md has what all of them give. */
@Tag("slow")
class QuickstartLstmTest {
    @TempDir
    Path folder;

    @Test
    void learnsToAdd() throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        Path run = folder.resolve("run");

        int exit = Main.run(
                new String[] {
                    "train",
                    "../conf/quickstart-lstm.conf",
                    "--set",
                    "phases[1].steps=25",
                    "--set",
                    "evaluation.questions=500",
                    "--set",
                    "phases[1].optimiser.warmup-steps=10",
                    "--set",
                    "run.dir=" + run
                },
                out,
                out);

        assertThat(exit).as(told.toString(StandardCharsets.UTF_8)).isZero();
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        double before = summary.get("eval/accuracy_sampled_before").asDouble();
        double after = summary.get("eval/accuracy_sampled_after").asDouble();
        assertThat(before).isBetween(0.1, 0.6);
        assertThat(after - before).isGreaterThanOrEqualTo(0.03);
    }
}
