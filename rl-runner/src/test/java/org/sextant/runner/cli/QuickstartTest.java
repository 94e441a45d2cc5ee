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

/** The promise of the README's first command: reinforcement learning makes the warm start clearly better on problems it has never seen. */
@Tag("slow")
class QuickstartTest {
    @TempDir
    Path folder;

    @Test
    void learnsToAdd() throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        Path run = folder.resolve("run");

        int exit = Main.run(new String[] {"train", "../conf/quickstart.conf", "--set", "run.dir=" + run}, out, out);

        assertThat(exit).as(told.toString(StandardCharsets.UTF_8)).isZero();
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        double sampledBefore = summary.get("eval/accuracy_sampled_before").asDouble();
        double sampledAfter = summary.get("eval/accuracy_sampled_after").asDouble();
        double greedyBefore = summary.get("eval/accuracy_greedy_before").asDouble();
        double greedyAfter = summary.get("eval/accuracy_greedy_after").asDouble();
        assertThat(summary.get("eval/questions").asInt()).isEqualTo(1000);
        assertThat(sampledAfter - sampledBefore).isGreaterThanOrEqualTo(0.25);
        assertThat(greedyAfter - greedyBefore).isGreaterThanOrEqualTo(0.10);
        assertThat(sampledAfter).isGreaterThan(0.80);
        assertThat(greedyAfter).isGreaterThan(0.80);
    }
}
