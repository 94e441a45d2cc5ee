// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.runner.loop.SmallRun.Killed;

/** N steps, and k steps, a kill, a resume and N − k steps, are the same run bit for bit. */
class ResumeTest {
    private static final String PHASES = """
        phases = [
          { kind = sft, steps = 3, rows-per-step = 8 }
          { kind = rl, steps = 4, prompts-per-step = 4, epochs = 2, mini-batches = 2, optimiser.schedule = cosine
            algorithm { name = %s, samples-per-prompt = 3 } }
          { kind = eval }
        ]
        """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"grpo, 1, 1", "grpo, 3, 1", "grpo, 5, 1", "grpo, 6, 3", "rloo, 4, 1", "rloo, 5, 4"})
    void aKilledRunGoesOnAsIfNothingHadHappened(String algorithm, int killedAfter, int checkpointEvery)
            throws Exception {
        String hocon = PHASES.formatted(algorithm) + "checkpoint.every = " + checkpointEvery;
        SmallRun straight = new SmallRun(folder.resolve("straight"));
        straight.run(hocon);

        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(killedAfter);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);

        assertSame(straight, resumed);
    }

    /** Each kill is resumed by kernels that were opened anew, as in another process. */
    @ParameterizedTest
    @CsvSource({"grpo, 5", "rloo, 4"})
    void aKilledRunOnTheVectorKernelsGoesOnAsIfNothingHadHappened(String algorithm, int killedAfter) throws Exception {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        String hocon = PHASES.formatted(algorithm) + "checkpoint.every = 1";
        SmallRun straight = new SmallRun(folder.resolve("straight"));
        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(killedAfter);
        try (Kernels kernels = KernelsChoice.VECTOR.open(2)) {
            straight.run(hocon, kernels);
            assertThatThrownBy(() -> killed.run(hocon, kernels)).isInstanceOf(Killed.class);
        }
        SmallRun resumed = killed.next();
        try (Kernels kernels = KernelsChoice.VECTOR.open(2)) {
            resumed.run(hocon, kernels);
        }

        assertSame(straight, resumed);
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "4", "6"})
    void aStoppedRunGoesOnAsIfNothingHadHappened(int stoppedAfter) throws Exception {
        String hocon = PHASES.formatted("grpo") + "checkpoint.every = 0";
        SmallRun straight = new SmallRun(folder.resolve("straight"));
        straight.run(hocon);

        SmallRun stopped = new SmallRun(folder.resolve("stopped")).stoppingAfter(stoppedAfter);
        assertThat(stopped.run(hocon)).isEqualTo(new Ending.Stopped(stoppedAfter));
        SmallRun resumed = stopped.next();
        assertThat(resumed.run(hocon))
                .isInstanceOfSatisfying(
                        Ending.Finished.class,
                        end -> assertThat(end.totalSteps()).isEqualTo(7));

        assertSame(straight, resumed);
    }

    private static void assertSame(SmallRun straight, SmallRun resumed) throws Exception {
        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(resumed.savedWeights()).isEqualTo(straight.savedWeights());
        assertThat(straight.metrics)
                .allSatisfy(step -> assertThat(step.get("grad_norm")).isPositive());
        assertThat(resumed.metrics).hasSameSizeAs(straight.metrics);
        for (int step = 0; step < straight.metrics.size(); step++) {
            assertThat(resumed.metrics.get(step)).as("step %d", step).isEqualTo(straight.metrics.get(step));
        }
        assertThat(resumed.answers).isEqualTo(straight.answers);
    }
}
