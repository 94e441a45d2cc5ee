// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a step: the first one finishes the step and saves, the second one ends the process at once. */
@Tag("slow")
class InterruptTest {
    /** Six short steps, then one of some seconds. */
    private static final String LONG_STEP = """
        kernels = reference
        model { layers = 2, hidden = 32, heads = 2, context = 16 }
        task { name = arithmetic, left-digits { min = 1, max = 1 }, right-digits { min = 1, max = 1 }, evaluation-size = 12 }
        reward { name = exact-match }
        evaluation { questions = 12 }
        checkpoint { every = 1, keep = 3 }
        phases = [
          { kind = sft, steps = 6, rows-per-step = 4, evaluate = false }
          { kind = sft, steps = 3, rows-per-step = 8000, evaluate = false }
        ]
        """;

    @TempDir
    Path folder;

    /** A shell's background job ignores ctrl-C, and so does every process that it starts. */
    @BeforeEach
    void ctrlCIsHeard() throws IOException {
        Path status = Path.of("/proc/self/status");
        assumeThat(status).exists();
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        long signals =
                Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16);
        assumeThat(signals & 0b10).as("SIGINT is ignored here").isZero();
    }

    @Test
    void onceFinishesTheStepAndSaves() throws Exception {
        RunProcess.start(folder, "whole", KillTest.EXPERIMENT).ended(ExitCode.OK);
        Path run = folder.resolve("stopped");

        RunProcess stopped = RunProcess.start(folder, "stopped", KillTest.EXPERIMENT)
                .awaitSteps(20)
                .interrupt()
                .ended(ExitCode.INTERRUPTED);

        long steps = RunProcess.stepsIn(run);
        assertThat(stopped.output()).contains("stopped after " + steps + " steps, checkpoint saved");
        assertThat(checkpoints(run)).contains("step-" + steps);
        RunProcess.start(folder, "stopped", KillTest.EXPERIMENT).ended(ExitCode.OK);
        RunProcess.assertSame(run, folder.resolve("whole"));
    }

    @Test
    void twiceEndsAtOnceWithNothingHalfWritten() throws Exception {
        Path run = folder.resolve("halted");

        RunProcess halted = RunProcess.start(folder, "halted", LONG_STEP)
                .awaitOutput("phase 2 of 2")
                .interrupt()
                .awaitOutput("stopping after this step")
                .interrupt()
                .ended(ExitCode.INTERRUPTED);

        assertThat(halted.output()).doesNotContain("checkpoint saved");
        assertThat(RunProcess.stepsIn(run)).isEqualTo(6);
        assertThat(checkpoints(run)).isNotEmpty().isSubsetOf("step-4", "step-5", "step-6", "step-6.tmp");
        assertThat(unfinishedInCheckpoints(run)).isEmpty();

        RunProcess.start(folder, "halted", LONG_STEP)
                .awaitOutput("continuing")
                .awaitSteps(7)
                .interrupt()
                .ended(ExitCode.INTERRUPTED);
        assertThat(checkpoints(run)).allMatch(name -> name.matches("step-\\d+")).hasSize(3);
    }

    private static List<String> checkpoints(Path run) throws IOException {
        try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    /** Temporary files inside checkpoints that have their final name. */
    private static List<Path> unfinishedInCheckpoints(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        try (Stream<Path> all = Files.walk(checkpoints)) {
            return all.filter(p -> p.toString().endsWith(".tmp"))
                    .filter(p ->
                            !checkpoints.relativize(p).getName(0).toString().endsWith(".tmp"))
                    .toList();
        }
    }
}
