// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.runner.config.Layers;
import org.sextant.runner.loop.LoopModule;
import org.sextant.runner.loop.RunFiles;
import org.sextant.runner.loop.StartingModel;
import org.sextant.runner.loop.TrainingRun;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.RunModule;
import org.sextant.runner.wiring.Wiring;

@DisplayName("Memory that a run is said to take")
class MemoryEstimateTest {
    private static final String BASE = """
        name = small
        task { name = arithmetic, left-digits { min = 2, max = 2 }, right-digits { min = 2, max = 2 }, evaluation-size = 12 }
        reward { name = exact-match }
        sampling { max-new-tokens = 8 }
        evaluation { questions = 12 }
        decoder { rows = 128, cache-tokens = 4096 }
        """;
    private static final String FRESH = "model { layers = 2, hidden = 64, heads = 2, context = 32 }\n";

    @TempDir
    Path folder;

    private final Wiring wiring = Wiring.of(new Plugins(List.of()));

    private Experiment read(String hocon) {
        return wiring.get(ExperimentReader.class).read(Layers.parse("x.conf", BASE + hocon, List.of()));
    }

    private MemoryEstimate estimate(String hocon) {
        try (Kernels kernels = new ReferenceKernels()) {
            return estimate(hocon, kernels);
        }
    }

    private MemoryEstimate estimate(String hocon, Kernels kernels) {
        Experiment experiment = read(hocon);
        return MemoryEstimate.of(experiment, StartingModel.of(experiment), kernels);
    }

    private static final class NoFiles implements RunFiles {
        @Override
        public Map<String, Long> positions() {
            return Map.of();
        }

        @Override
        public void cutBack(Map<String, Long> positions) {
            assertThat(positions).isEmpty();
        }
    }

    /** Runs it all, and returns the most that each role ever held. */
    private Map<String, Long> held(String name, String hocon, Kernels kernels) throws Exception {
        var outside =
                new LoopModule.Outside(folder.resolve(name), new NoFiles(), answer -> {}, event -> {}, () -> false);
        try (TrainingRun run = wiring.run(new RunModule(read(hocon), kernels), new LoopModule(outside))
                .getInstance(TrainingRun.class)) {
            run.run();
        }
        return kernels.memory().stream().collect(Collectors.toMap(MemoryUse::role, MemoryUse::peakBytes));
    }

    private static String rl(String more) {
        return "{ kind = rl, steps = 1, prompts-per-step = 32, optimiser.micro-batch-tokens = 1024"
                + ", algorithm { name = grpo, samples-per-prompt = 8, kl.coefficient = 0.1 } " + more + " }";
    }

    private static String sft(int tokens, String more) {
        return "{ kind = sft, steps = 1, rows-per-step = 128, optimiser.micro-batch-tokens = " + tokens + more + " }";
    }

    private void assertHeld(String name, String hocon, Kernels kernels) throws Exception {
        Map<String, Long> planned = estimate(hocon, kernels).byRole();
        Map<String, Long> held = new TreeMap<>(held(name, hocon, kernels));
        held.values().removeIf(bytes -> bytes == 0);
        // What the kernels pack for themselves is no model's, and bounded by the cache of the processor, not by the
        // run.
        assertThat(held.getOrDefault("kernels", 0L)).isLessThan(16 << 20);
        held.remove("kernels");
        assertThat(held.keySet()).isEqualTo(planned.keySet());
        assertThat(held).allSatisfy((role, bytes) -> assertThat(bytes).as(role).isLessThanOrEqualTo(planned.get(role)));
        assertThat((double) sum(planned)).as("%s, %s", planned, held).isLessThanOrEqualTo(1.3 * sum(held));
    }

    private static long sum(Map<String, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "vector", "nd4j"})
    @DisplayName("It is at least what each role comes to hold, and all together not much more")
    void bound(KernelsChoice choice) throws Exception {
        assumeThat(choice.equals(KernelsChoice.VECTOR)
                        && KernelsChoice.whyNotVector().isPresent())
                .isFalse();
        assertHeld("whole", FRESH + "phases = [ " + rl("") + " ]", choice.open(1));
        String adapted = "model { path = \"" + folder.resolve("whole/model")
                + "\", adapter { rank = 4, targets = [q_proj, up_proj], dropout = 0.1 } }\n";
        assertHeld("adapted", adapted + "phases = [ " + sft(1024, "") + ", " + rl("") + " ]", choice.open(1));
    }

    @Test
    @DisplayName("Critic and reward model are planned with their heads, on the shared base where there is one")
    void roles() throws Exception {
        String phases = "phases = [ { kind = rl, steps = 1, prompts-per-step = 64, optimiser.micro-batch-tokens = 1024"
                + ", algorithm { name = every-role } } ]";
        assertHeld("whole", FRESH + phases, new ReferenceKernels());
        String adapted = "model { path = \"" + folder.resolve("whole")
                + "\", adapter { rank = 4, targets = [q_proj, up_proj] } }\n";
        assertHeld("adapted", adapted + phases, new ReferenceKernels());
        Map<String, Long> planned = estimate(adapted + phases).byRole();
        assertThat(planned).containsKeys("base", "critic", "reward");
        assertThat(planned.get("critic")).isEqualTo(planned.get("policy") + 64 * Double.BYTES);
    }

    private static Kernels fast() {
        return KernelsChoice.AUTO.open(1);
    }

    private static String actorCritic(String more) {
        return "phases = [ { kind = rl, steps = 2, prompts-per-step = 48, optimiser.micro-batch-tokens = 1024"
                + ", algorithm { name = actor-critic, reference = false }, " + more + " } ]\n";
    }

    @Test
    @DisplayName("A critic in training is planned with gradients, moments and activations, wherever it comes from")
    void trainedCritic() throws Exception {
        assertHeld("own", FRESH + actorCritic("critic.pretrain-steps = 1"), fast());
        Map<String, Long> own = estimate(FRESH + actorCritic("")).byRole();
        assertThat(own.get("critic")).isEqualTo(own.get("policy") + 64 * Double.BYTES);
        assertThat(own.get("critic_gradients")).isEqualTo(own.get("critic"));
        assertThat(own.get("critic_optimiser")).isEqualTo(2 * own.get("critic"));
        assertHeld("head", FRESH + actorCritic("critic.trunk = policy"), fast());
        assertThat(estimate(FRESH + actorCritic("critic.trunk = policy")).byRole())
                .doesNotContainKey("critic")
                .containsEntry("policy", own.get("critic"));
        assertHeld("fresh", FRESH + actorCritic("critic.from = fresh"), fast());
        String larger = "model { layers = 3, hidden = 96, heads = 2, context = 32 }\n";
        String saved = "critic.from = \"" + folder.resolve("own/critic") + "\"";
        assertHeld("larger", larger + actorCritic(saved), fast());
    }

    @Test
    @DisplayName(
            "Critics of adapter runs are planned as what they are: adapters on the shared base, on another, or whole")
    void adaptedCritic() throws Exception {
        held("base", FRESH + "phases = [ " + sft(512, "") + " ]", fast());
        held("other", FRESH + actorCritic("optimiser.learning-rate = 0.01"), fast());
        String adapted = "model { path = \"" + folder.resolve("base")
                + "\", adapter { rank = 4, targets = [q_proj, up_proj] } }\n";
        assertHeld("start", adapted + actorCritic(""), fast());
        assertHeld("head", adapted + actorCritic("critic.trunk = policy"), fast());
        assertHeld("fresh", adapted + actorCritic("critic.from = fresh"), fast());
        String saved = "critic.from = \"" + folder.resolve("other/critic") + "\"";
        assertHeld("saved", adapted + actorCritic(saved), fast());
        Map<String, Long> planned = estimate(adapted + actorCritic(saved)).byRole();
        Map<String, Long> shared = estimate(adapted + actorCritic("")).byRole();
        assertThat(planned.get("base")).isEqualTo(2 * shared.get("base") + 64 * Double.BYTES);
        assertThat(planned.get("critic")).isEqualTo(shared.get("critic"));
    }

    @Test
    @DisplayName("A reference that moves is held in full, and distributions that are kept are counted")
    void reference() throws Exception {
        String rounded = "model.frozen-weights = bf16\n";
        String reference =
                "phases = [ { kind = rl, steps = 2, prompts-per-step = 48, optimiser.micro-batch-tokens = 1024"
                        + ", algorithm { name = actor-critic, reference = true }, reference.update-every = %d } ]";
        Map<String, Long> still =
                estimate(FRESH + rounded + reference.formatted(0), fast()).byRole();
        Map<String, Long> moves =
                estimate(FRESH + rounded + reference.formatted(1), fast()).byRole();
        assertThat(still.get("reference"))
                .isLessThanOrEqualTo(
                        KernelsChoice.whyNotVector().isPresent() ? moves.get("reference") : moves.get("reference") - 1);
        assertThat(moves.get("reference")).isEqualTo(moves.get("policy"));
        // 48 prompts with 4 answers of 8 tokens at most; ten digits, two signs and the end.
        assertThat(moves.get("reference_distribution")).isEqualTo(48L * 4 * 8 * 13 * Float.BYTES);
        Map<String, Long> held = held("moves", FRESH + rounded + reference.formatted(1), fast());
        assertThat(held.get("reference")).isEqualTo(moves.get("reference"));
        assertThat(held.get("policy_activations")).isLessThanOrEqualTo(moves.get("policy_activations"));
    }

    @Test
    @DisplayName("It is that of the phase that takes most, with what the policy keeps, not the sum of all phases")
    void phases() {
        long alone = estimate(FRESH + "phases = [ " + rl("") + " ]").total();
        MemoryEstimate larger = estimate(FRESH + "phases = [ " + sft(8192, "") + ", " + rl("") + ", { kind = eval } ]");
        assertThat(larger.phase()).isEqualTo(1);
        assertThat(larger.total()).isGreaterThan(alone);
        assertThat(larger.byRole()).containsKey("reference");
        MemoryEstimate first = estimate(FRESH + "phases = [ " + rl("") + ", " + sft(1024, "") + " ]");
        assertThat(first.phase()).isZero();
        assertThat(first.total()).isEqualTo(alone);
    }

    @Test
    @DisplayName("A phase that starts from a model of another shape counts as that")
    void from() throws Exception {
        String large = "model { layers = 2, hidden = 96, heads = 2, context = 32 }\n";
        held("large", large + "phases = [ " + sft(512, "") + " ]", new ReferenceKernels());
        String from = ", from = \"" + folder.resolve("large/model") + "\"";
        MemoryEstimate small = estimate(FRESH + "phases = [ " + sft(512, "") + " ]");
        MemoryEstimate both = estimate(FRESH + "phases = [ " + sft(512, "") + ", " + sft(512, from) + " ]");
        assertThat(both.phase()).isEqualTo(1);
        assertThat(both.byRole())
                .isEqualTo(estimate(large + "phases = [ " + sft(512, "") + " ]").byRole());
        assertThat(both.total()).isGreaterThan(small.total());
    }

    @Test
    void whatDoesNotFitIsRefusedWithThePhase() {
        MemoryEstimate estimate = estimate(FRESH + "phases = [ " + rl("") + " ]");
        estimate.requireFits();
        assertThatThrownBy(() -> new MemoryEstimate(0, estimate.byRole(), 1000).requireFits())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("in phase 1, the machine has")
                .hasMessageContaining("a smaller decoder.cache-tokens");
    }
}
