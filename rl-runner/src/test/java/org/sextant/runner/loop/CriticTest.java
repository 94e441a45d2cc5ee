// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;

@DisplayName("A critic in training")
class CriticTest {
    /** Nothing but the value moves, as far as the reward goes: it is the same for every answer. */
    private static final String CONSTANT = "reward = null\nreward { name = constant, value = 0.7 }\n";

    @TempDir
    Path folder;

    private static String rl(String more) {
        return "phases = [ { kind = rl, steps = 4, prompts-per-step = 4, epochs = 2, mini-batches = 2"
                + ", critic.optimiser.learning-rate = 0.01, algorithm { name = actor-critic }\n" + more + " } ]\n";
    }

    private SmallRun run(String name, String hocon) throws Exception {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run(hocon);
        return run;
    }

    private static List<SortedMap<String, Double>> steps(SmallRun run) {
        return run.events.stream()
                .filter(LoopEvent.StepFinished.class::isInstance)
                .map(event -> ((LoopEvent.StepFinished) event).metrics())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "policy"})
    @DisplayName("Learns what answers earn, from values that are exactly 0 at first")
    void learns(String trunk) throws Exception {
        SmallRun run = run("learns", CONSTANT + rl("critic.trunk = " + trunk + ", optimiser.learning-rate = 0.01"));
        List<SortedMap<String, Double>> steps = steps(run);

        assertThat(steps.getFirst()).containsEntry("largest_value", 0.0);
        assertThat(steps.getLast().get("largest_value")).isPositive();
        assertThat(steps.getFirst().get("loss/value")).isLessThanOrEqualTo(0.5 * 0.7 * 0.7);
        assertThat(steps.getLast().get("loss/value"))
                .isLessThan(0.5 * steps.getFirst().get("loss/value"));
        assertThat(steps).allSatisfy(step -> {
            assertThat(step).containsKeys("grad_norm", "learning_rate", "time/values_seconds", "time/update_seconds");
            assertThat(step.containsKey("critic/grad_norm")).isEqualTo(trunk.equals("own"));
            assertThat(step.containsKey("memory/critic_bytes")).isEqualTo(trunk.equals("own"));
        });
        if (trunk.equals("own")) {
            assertThat(steps)
                    .allSatisfy(
                            step -> assertThat(step.get("critic/learning_rate")).isEqualTo(0.01));
            assertThat(steps.getLast()).containsKeys("memory/critic_optimiser_bytes", "memory/critic_gradients_bytes");
        }
    }

    @Test
    @DisplayName("Is trained alone at first where that is asked for, and the policy does not move by a bit")
    void pretraining() throws Exception {
        SmallRun all = run("all", rl("critic.pretrain-steps = 4"));
        assertThat(all.model()).isEqualTo(all.hashOf("models/start", new ReferenceKernels()));
        assertThat(steps(all)).allSatisfy(step -> {
            assertThat(step).containsKey("critic/grad_norm").doesNotContainKey("grad_norm");
            assertThat(step.get("largest_value")).isNotNegative();
        });
        assertThat(steps(all).getLast().get("largest_value")).isPositive();

        SmallRun some =
                run("some", rl("critic.pretrain-steps = 1, optimiser { schedule = linear, final-share = 0.5 }"));
        assertThat(some.model()).isNotEqualTo(all.model());
        assertThat(steps(some).getFirst()).doesNotContainKey("grad_norm");
        // The policy's schedule is as long as its own steps, 12 of 16: the last lies 11/12 down the line.
        assertThat(steps(some).get(1).get("learning_rate")).isGreaterThan(3e-4 * 0.8);
        assertThat(steps(some).getLast().get("learning_rate")).isLessThan(3e-4 * 0.62);
    }

    @ParameterizedTest
    @CsvSource({"own, 1", "own, 2", "own, 3", "policy, 1", "policy, 3"})
    @DisplayName("Goes on after a kill as if nothing had happened")
    void resumes(String trunk, int killedAfter) throws Exception {
        String more = "critic { trunk = " + trunk + (trunk.equals("own") ? ", pretrain-steps = 1" : "") + " }";
        SmallRun straight = run("straight", rl(more));
        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(killedAfter);
        assertThatThrownBy(() -> killed.run(rl(more))).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(rl(more));

        assertThat(resumed.model()).isEqualTo(straight.model());
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(resumed.answers).isEqualTo(straight.answers);
        if (trunk.equals("own")) {
            assertThat(folder.resolve("killed/critic/model.safetensors"))
                    .hasSameBinaryContentAs(folder.resolve("straight/critic/model.safetensors"));
        }
    }

    @Test
    @DisplayName("Is the same however batches are cut, but for rounding")
    void microBatches() throws Exception {
        SmallRun whole = run("whole", rl("optimiser.micro-batch-tokens = 100000"));
        SmallRun rows = run("rows", rl("optimiser.micro-batch-tokens = 1"));
        for (int step = 0; step < whole.metrics.size(); step++) {
            for (String name : List.of("loss/policy", "loss/value", "grad_norm", "critic/grad_norm", "largest_value")) {
                assertThat(rows.metrics.get(step).get(name))
                        .as("%s of step %d", name, step)
                        .isCloseTo(whole.metrics.get(step).get(name), within(1e-6));
            }
        }
    }

    @Test
    @DisplayName("Is the same to the bit on any number of threads")
    void threads() throws Exception {
        List<SmallRun> runs = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            SmallRun run = new SmallRun(folder.resolve(threads + " threads"));
            try (Kernels kernels = KernelsChoice.AUTO.open(threads)) {
                run.run(rl(""), kernels);
            }
            runs.add(run);
        }
        assertThat(runs.getLast().model()).isEqualTo(runs.getFirst().model());
        assertThat(runs.getLast().metrics).isEqualTo(runs.getFirst().metrics);
    }

    @Test
    @DisplayName("Is left beside the policy, and another run's critic or reward model can begin with it")
    void saved() throws Exception {
        SmallRun run = run("first", CONSTANT + rl(""));
        double learnt = steps(run).getLast().get("largest_value");
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel critic = LanguageModel.load(folder.resolve("first/critic"), kernels, Role.CRITIC);
                LanguageModel policy = LanguageModel.load(folder.resolve("first/model"), kernels, Role.POLICY)) {
            assertThat(critic.heads()).containsExactly(Head.VALUE);
            assertThat(policy.heads()).isEmpty();
        }
        String from = "critic.from = \"" + folder.resolve("first/critic") + "\"";
        SmallRun second = run("second", CONSTANT + rl(from));
        assertThat(steps(second).getFirst().get("largest_value")).isGreaterThan(0.5 * learnt);
    }

    @Test
    @DisplayName("Is left at the end of every phase, and a phase after it starts from the policy")
    void laterPhases() throws Exception {
        String two = "phases = [ { kind = rl, steps = 1, prompts-per-step = 2, algorithm { name = actor-critic } }\n"
                + "{ kind = rl, steps = 1, prompts-per-step = 2, critic.trunk = policy, algorithm { name = actor-critic }"
                + " }\n"
                + "{ kind = eval } ]\n";
        SmallRun run = run("two", two);
        assertThat(steps(run)).allSatisfy(step -> assertThat(step).containsEntry("largest_value", 0.0));
        assertThat(folder.resolve("two/models/phase-0-critic/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("two/critic/model.safetensors"));
        assertThat(Files.exists(folder.resolve("two/models/phase-1-critic"))).isFalse();
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel policy = LanguageModel.load(folder.resolve("two/model"), kernels, Role.POLICY)) {
            assertThat(policy.heads()).containsExactly(Head.VALUE);
        }
    }

    @Test
    @DisplayName("With fresh weights it has the policy's shape and not its numbers")
    void fresh() throws Exception {
        SmallRun run = run("fresh", rl("critic { from = fresh, optimiser.learning-rate = 0 }"));
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel critic = LanguageModel.load(folder.resolve("fresh/critic"), kernels, Role.CRITIC);
                LanguageModel start = LanguageModel.load(folder.resolve("fresh/models/start"), kernels, Role.CRITIC)) {
            assertThat(critic.config()).isEqualTo(start.config());
            assertThat(critic.view().weights()).isNotEqualTo(start.view().weights());
        }
        assertThat(steps(run)).allSatisfy(step -> assertThat(step).containsEntry("largest_value", 0.0));
    }

    @Test
    @DisplayName("Of an adapter run is an adapter and a head on the shared base")
    void adapted() throws Exception {
        run("base", "phases = [ { kind = sft, rows-per-step = 4, steps = 1 } ]");
        String model = "model { path = \"" + folder.resolve("base")
                + "\", adapter { rank = 2, targets = [q_proj, down_proj] } }\n";
        for (String trunk : List.of("own", "policy")) {
            String hocon = CONSTANT + model + rl("critic.trunk = " + trunk + ", optimiser.learning-rate = 0.01");
            SmallRun straight = run(trunk, hocon);
            List<SortedMap<String, Double>> steps = steps(straight);
            assertThat(steps.getFirst()).containsEntry("largest_value", 0.0);
            assertThat(steps.getLast().get("loss/value"))
                    .isLessThan(steps.getFirst().get("loss/value"));
            if (trunk.equals("own")) {
                double policy = steps.getLast().get("memory/policy_bytes");
                assertThat(steps.getLast().get("memory/critic_bytes")).isBetween(policy + 1, policy + 256);
            }
            SmallRun killed = new SmallRun(folder.resolve("killed " + trunk)).dyingAfter(2);
            assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
            SmallRun resumed = killed.next();
            resumed.run(hocon);
            assertThat(resumed.metrics).isEqualTo(straight.metrics);
            assertThat(resumed.model()).isEqualTo(straight.model());
        }
    }
}
