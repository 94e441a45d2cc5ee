// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed in a process of its own, and continued in another, leaves the files of one that was left alone. */
@Tag("slow")
class KillTest {
    private static final String EXPERIMENT = """
        model { layers = 1, hidden = 8, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 12 }
        reward { name = exact-match }
        sampling { max-new-tokens = 3 }
        evaluation { questions = 12 }
        checkpoint { every = 7 }
        phases = [
          { kind = sft, steps = 300, rows-per-step = 4 }
          { kind = rl, steps = 100, prompts-per-step = 2, algorithm { name = grpo, samples-per-prompt = 4, kl.coefficient = 0.1 } }
        ]
        """;

    @TempDir
    Path folder;

    private Process start(String run) throws IOException {
        Path file = Files.writeString(folder.resolve("kill.conf"), EXPERIMENT);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("train", file.toString(), "--resume", "--set", "run.dir=" + folder.resolve(run)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(run + ".log").toFile())
                .start();
    }

    private void finish(String run) throws Exception {
        Process process = start(run);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve(run + ".log")))
                .isZero();
    }

    /** Kills the run as soon as its metrics have so many lines. */
    private void killAfter(String run, int lines) throws Exception {
        Process process = start(run);
        Path metrics = folder.resolve(run).resolve("metrics.jsonl");
        while (process.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < lines)) {
            Thread.sleep(2);
        }
        assertThat(process.isAlive())
                .as("the run was over before it could be killed")
                .isTrue();
        process.destroyForcibly().waitFor();
    }

    /** Lines without what a clock or the memory's history has in them. */
    private List<ObjectNode> metrics(String run) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
            ObjectNode node = (ObjectNode) new ObjectMapper().readTree(line);
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            names.stream()
                    .filter(n -> n.startsWith("time/") || n.startsWith("memory/"))
                    .forEach(node::remove);
            lines.add(node);
        }
        return lines;
    }

    private byte[] bytes(String run, String file) throws IOException {
        return Files.readAllBytes(folder.resolve(run).resolve(file));
    }

    @Test
    void killedTwiceIsTheSameRun() throws Exception {
        finish("whole");
        killAfter("killed", 20);
        killAfter("killed", 330);
        finish("killed");

        assertThat(metrics("killed")).isEqualTo(metrics("whole"));
        for (String file : Arrays.asList("eval.jsonl", "model/model.safetensors", "models/phase-0/model.safetensors")) {
            assertThat(bytes("killed", file)).as(file).isEqualTo(bytes("whole", file));
        }
    }
}
