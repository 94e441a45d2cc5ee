// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.kernels.ReferenceKernels;

/** Every answer has the same reward, so nothing but how answers end, and how long they are, can be learned from. At most three tokens; four in five are cut off. */
@DisplayName("How answers end")
class AnswerEndsTest {
    private static final double REWARD = 0.7;
    private static final String CONSTANT = "reward = null\nreward { name = constant, value = " + REWARD + " }\n";
    private static final String CUT = "completions/clipped_ratio";

    @TempDir
    Path folder;

    private List<SortedMap<String, Double>> steps(int steps, String phase, String algorithm) throws Exception {
        SmallRun run = new SmallRun(folder);
        run.run(CONSTANT + rl(steps, phase, algorithm));
        return run.metrics;
    }

    private static String rl(int steps, String phase, String algorithm) {
        return "phases = [ { kind = rl, steps = " + steps + ", prompts-per-step = 8, optimiser.learning-rate = 0.02\n"
                + phase + "\nalgorithm { kl.coefficient = 0, samples-per-prompt = 6, " + algorithm + " } } ]\n";
    }

    @ParameterizedTest
    @CsvSource({"replace, 0, 0.7, -0.7", "replace, -1, 0.7, -1.7", "subtract, 1, 0.7, -1"})
    @DisplayName(
            "Decides the reward that is learned from: nothing, a value, or less by a value, where they were cut off")
    void truncatedReward(String kind, double value, double ended, double less) throws Exception {
        SortedMap<String, Double> step = steps(
                        1,
                        "answers { truncated-reward = " + kind + ", truncated-value = " + value + " }",
                        "name = grpo")
                .getFirst();
        assertThat(step.get(CUT)).isBetween(0.5, 0.95);
        assertThat(step.get("reward")).isCloseTo(REWARD, within(1e-12));
        assertThat(step.get("reward_shaped")).isCloseTo(ended + less * step.get(CUT), within(1e-12));
        assertThat(step.get("grad_norm")).isPositive();
    }

    /** With a buffer of two tokens before a limit of three the penalty is (n − 1)/2. */
    @Test
    @DisplayName("Shortens answers where long ones are punished softly")
    void overlongPenalty() throws Exception {
        List<SortedMap<String, Double>> steps =
                steps(12, "answers.overlong { limit = 3, buffer = 2, penalty = 1 }", "name = grpo");
        for (SortedMap<String, Double> step : steps) {
            assertThat(step.get("reward_shaped"))
                    .isCloseTo(REWARD - (step.get("completions/mean_length") - 1) / 2, within(1e-12));
        }
        assertThat(steps.getFirst().get("completions/mean_length")).isGreaterThan(2.5);
        assertThat(steps.getLast().get("completions/mean_length")).isLessThan(1.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpo", "ppo"})
    @DisplayName("Becomes the policy's own doing where a missing end is punished")
    void missingEos(String algorithm) throws Exception {
        List<SortedMap<String, Double>> steps = steps(12, "answers.missing-eos-penalty = 1", "name = " + algorithm);
        SortedMap<String, Double> first = steps.getFirst();
        assertThat(first.get("reward_shaped")).isCloseTo(REWARD - first.get(CUT), within(1e-12));
        assertThat(steps.getLast().get(CUT)).isLessThan(first.get(CUT) / 2);
    }

    /** Without a baseline every answer that is learned from becomes more likely: all that are sampled, which cancels out, or those that ended alone. */
    @Test
    @DisplayName("Takes answers that were cut off out of the loss where they are masked")
    void overlongFilter() throws Exception {
        String reinforce = "name = grpo, credit { baseline = none, scale = none }, truncated-answers = ";
        List<SortedMap<String, Double>> masked = steps(8, "", reinforce + "mask");
        assertThat(masked.getFirst().get(CUT)).isGreaterThan(0.6);
        assertThat(masked.getLast().get(CUT)).isLessThan(0.2);
        assertThat(masked.getFirst().get("reward")).isCloseTo(REWARD, within(1e-12));
    }

    /** γ = λ = 1: a return is what an answer earns, and where it was cut off the value of its last state besides; values are 0 at first. */
    @Test
    @DisplayName("Is no end where answers that were cut off go on in the critic's eyes")
    void bootstrap() throws Exception {
        String gae = "name = ppo, credit { lambda = 1, bootstrap-truncated = ";
        String critic = "critic.optimiser.learning-rate = 0.02";
        List<SortedMap<String, Double>> ended = steps(3, critic, gae + "false }");
        assertThat(ended)
                .allSatisfy(step -> assertThat(step.get("critic/returns/mean")).isCloseTo(REWARD, within(1e-12)));
        SmallRun run = new SmallRun(folder.resolve("on"));
        run.run(CONSTANT + rl(3, critic, gae + "true }"));
        assertThat(run.metrics.getFirst().get("critic/returns/mean")).isCloseTo(REWARD, within(1e-12));
        assertThat(run.metrics.getLast().get("critic/values/mean")).isGreaterThan(0.02);
        assertThat(run.metrics.getLast().get("critic/returns/mean")).isGreaterThan(REWARD + 0.02);
    }

    /** Sampled afresh each time, and thrown away: no success for rft, no signal for dynamic sampling. */
    @ParameterizedTest
    @CsvSource({"rft, 1, ''", "grpo, 3, dynamic-sampling.rounds = 3", "ppo, 2, dynamic-sampling.rounds = 2"})
    @DisplayName("Teaches nothing where nothing is kept, and no step is taken on older answers")
    void nothingKept(String algorithm, int rounds, String phase) throws Exception {
        SmallRun run = new SmallRun(folder);
        run.run(CONSTANT + rl(2, phase, "name = " + algorithm));
        assertThat(run.metrics)
                .hasSize(2)
                .allSatisfy(step ->
                        assertThat(step).containsEntry("rows_kept", 0.0).doesNotContainKeys("updates", "grad_norm"));
        if (rounds > 1) {
            assertThat(run.metrics)
                    .allSatisfy(step -> assertThat(step)
                            .containsEntry("dynamic_sampling/rounds", (double) rounds)
                            .containsEntry("dynamic_sampling/dropped_groups", 8.0 * rounds));
        }
        assertThat(run.metrics.getLast().get("num_tokens")).isGreaterThan(2 * rounds * 48);
        assertThat(run.model()).isEqualTo(run.hashOf("models/start", new ReferenceKernels()));
    }
}
