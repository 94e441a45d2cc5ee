// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.events.LoopEvent;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;

/** What must not change anything does not. */
class InvarianceTest {
    @TempDir
    Path folder;

    private SmallRun run(String name, String hocon) throws Exception {
        return run(name, hocon, new ReferenceKernels());
    }

    private SmallRun run(String name, String hocon, Kernels kernels) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run(hocon, kernels);
        return run;
    }

    private static String rl(String algorithm, String more) {
        return "phases = [ { kind = rl, steps = 3, prompts-per-step = 4, " + more + ", algorithm { name = " + algorithm
                + ", samples-per-prompt = 4, kl.coefficient = 0.1 } } ]\n";
    }

    @ParameterizedTest
    @CsvSource({"grpo, reference", "rloo, reference", "grpo, vector", "rloo, vector", "grpo, nd4j"})
    void learningRateZeroLeavesEverythingAsItWas(String algorithm, KernelsChoice choice) throws Exception {
        assumeThat(choice.equals(KernelsChoice.VECTOR) ? KernelsChoice.whyNotVector() : Optional.empty())
                .isEmpty();
        try (Kernels kernels = choice.open(2)) {
            learningRateZero(algorithm, kernels);
        }
    }

    private void learningRateZero(String algorithm, Kernels kernels) throws Exception {
        SmallRun run = run("still", rl(algorithm, "optimiser { learning-rate = 0, weight-decay = 0.1 }"), kernels);

        assertThat(run.model()).isEqualTo(run.hashOf("models/start", kernels));
        Offset<Double> agreement = within(kernels.tolerance());
        for (SortedMap<String, Double> step : run.metrics) {
            assertThat(step.get("kl")).isCloseTo(0, agreement);
            assertThat(step.get("ratio/mean")).isCloseTo(1, agreement);
            assertThat(step.get("ratio/max")).isCloseTo(1, agreement);
            assertThat(step.get("approx_kl")).isCloseTo(0, agreement);
        }
        List<Map<String, Double>> evaluations = run.events.stream()
                .filter(LoopEvent.Evaluated.class::isInstance)
                .map(e -> ((LoopEvent.Evaluated) e).metrics())
                .toList();
        assertThat(evaluations).hasSize(2);
        assertThat(evaluations.getFirst()).isEqualTo(evaluations.getLast());
    }

    @ParameterizedTest
    @CsvSource({"grpo, reference", "rloo, reference", "grpo, vector", "rloo, vector", "grpo, nd4j"})
    void aConstantRewardTeachesNothing(String algorithm, KernelsChoice choice) throws Exception {
        assumeThat(choice.equals(KernelsChoice.VECTOR) ? KernelsChoice.whyNotVector() : Optional.empty())
                .isEmpty();
        try (Kernels kernels = choice.open(2)) {
            constantReward(algorithm, kernels);
        }
    }

    private void constantReward(String algorithm, Kernels kernels) throws Exception {
        String hocon = "phases = [ { kind = rl, steps = 3, prompts-per-step = 4, algorithm { name = " + algorithm
                + ", samples-per-prompt = 4, kl.coefficient = 0 } } ]\n"
                + "reward = null\n"
                + "reward { name = constant, value = 0.7 }\n";

        SmallRun run = run("constant", hocon, kernels);

        assertThat(run.model()).isEqualTo(run.hashOf("models/start", kernels));
        assertThat(run.metrics).allSatisfy(step -> {
            assertThat(step.get("reward")).isCloseTo(0.7, within(1e-12));
            assertThat(step.get("grad_norm")).isEqualTo(0.0);
        });
    }

    @Test
    void howABatchIsCutChangesRoundingOnly() throws Exception {
        SmallRun whole = run("whole", rl("grpo", "optimiser.micro-batch-tokens = 100000"));
        SmallRun rows = run("rows", rl("grpo", "optimiser.micro-batch-tokens = 1"));
        SmallRun some = run("some", rl("grpo", "optimiser.micro-batch-tokens = 40"));

        assertThat(whole.metrics)
                .allSatisfy(step -> assertThat(step.get("grad_norm")).isPositive());
        for (SmallRun cut : List.of(rows, some)) {
            for (int step = 0; step < whole.metrics.size(); step++) {
                for (String name : List.of("loss", "grad_norm", "kl", "reward", "entropy")) {
                    assertThat(cut.metrics.get(step).get(name))
                            .as("%s of step %d", name, step)
                            .isCloseTo(whole.metrics.get(step).get(name), within(1e-6));
                }
            }
        }
    }

    @Test
    void threadsChangeNothing() throws Exception {
        String hocon = "phases = [ { kind = sft, steps = 3, rows-per-step = 24 }\n"
                + "{ kind = rl, steps = 3, prompts-per-step = 16, epochs = 2, algorithm { name = grpo, samples-per-prompt"
                + " = 4, kl.coefficient = 0.1 } } ]\n";
        List<SmallRun> runs = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            SmallRun run = new SmallRun(folder.resolve(threads + " threads"));
            try (Kernels kernels = KernelsChoice.AUTO.open(threads)) {
                run.run(hocon, kernels);
            }
            runs.add(run);
        }
        assertThat(runs.getFirst().metrics)
                .allSatisfy(step -> assertThat(step.get("grad_norm")).isPositive());
        for (SmallRun run : runs) {
            assertThat(run.model()).isEqualTo(runs.getFirst().model());
            assertThat(run.metrics).isEqualTo(runs.getFirst().metrics);
            assertThat(run.answers).isEqualTo(runs.getFirst().answers);
        }
    }

    @Test
    void theSameSeedGivesTheSameRunAndAnotherSeedAnother() throws Exception {
        String hocon = rl("grpo", "epochs = 1");
        SmallRun once = run("once", hocon);
        SmallRun again = run("again", hocon);
        SmallRun other = run("other", hocon + "seed = 8");

        assertThat(again.metrics).isEqualTo(once.metrics);
        assertThat(again.answers).isEqualTo(once.answers);
        assertThat(other.model()).isNotEqualTo(once.model());
    }
}
