// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./rl train --resume} in a process of its own, that can be ended from outside. */
final class RunProcess {
    private final Path directory;
    private final Path log;
    private final Process process;

    private RunProcess(Path directory, Path log, Process process) {
        this.directory = directory;
        this.log = log;
        this.process = process;
    }

    /** Starts or continues the run in {@code folder/name}. */
    static RunProcess start(Path folder, String name, String experiment) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".conf"), experiment);
        Path directory = folder.resolve(name);
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("train", file.toString(), "--resume", "--set", "run.dir=" + directory));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new RunProcess(directory, log, process);
    }

    /** Waits until so many steps are in the run's metrics. */
    RunProcess awaitSteps(int steps) throws Exception {
        return await(() -> Files.exists(directory.resolve("metrics.jsonl")) && stepsIn(directory) >= steps);
    }

    /** Waits until the run has said this. */
    RunProcess awaitOutput(String text) throws Exception {
        return await(() -> output().contains(text));
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private RunProcess await(Condition condition) throws Exception {
        while (process.isAlive() && !condition.holds()) {
            Thread.sleep(2);
        }
        assertThat(process.isAlive())
                .as("the run was over too early: %s", output())
                .isTrue();
        return this;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What ctrl-C does. */
    RunProcess interrupt() throws Exception {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        return this;
    }

    /** Waits for the end of the process. */
    RunProcess ended(int exitCode) throws Exception {
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output()).isEqualTo(exitCode);
        return this;
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    /** Steps in a run's metrics; the other lines are evaluations. */
    static long stepsIn(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("\"kind\""))
                .count();
    }

    /** Lines of a run's metrics without what a clock or the memory's history has in them. */
    static List<ObjectNode> metrics(Path run) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
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

    /** Two runs have the same metrics, answers and weights. */
    static void assertSame(Path found, Path expected) throws IOException {
        assertThat(metrics(found)).isEqualTo(metrics(expected));
        for (String file : List.of("eval.jsonl", "model/model.safetensors", "models/phase-0/model.safetensors")) {
            assertThat(Files.readAllBytes(found.resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(expected.resolve(file)));
        }
    }
}
