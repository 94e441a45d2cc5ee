// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.events.LoopEvent;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;

@DisplayName("Each step of a run writes")
class StepMetricsTest {
    /** What users of TRL and verl look at, whatever the algorithm. */
    private static final List<String> ALL = List.of(
            "reward",
            "reward_std",
            "rewards/checksum/mean",
            "rewards/checksum/std",
            "frac_reward_zero_std",
            "kl",
            "objective/kl",
            "kl_coefficient",
            "approx_kl",
            "ratio/mean",
            "ratio/max",
            "clip_ratio/low_mean",
            "clip_ratio/high_mean",
            "clip_ratio/gradient_lost",
            "entropy",
            "advantages/mean",
            "advantages/std",
            "grad_norm",
            "learning_rate",
            "loss",
            "loss/policy",
            "completions/mean_length",
            "completions/mean_terminated_length",
            "completions/clipped_ratio",
            "num_tokens",
            "time/step_seconds",
            "time/generate_seconds",
            "time/reward_seconds",
            "time/score_seconds",
            "time/update_seconds",
            "memory/policy_peak_bytes",
            "memory/reference_peak_bytes",
            "memory/optimiser_peak_bytes",
            "memory/policy_gradients_peak_bytes",
            "memory/cache_peak_bytes");

    private static final List<String> CRITIC = List.of(
            "loss/value",
            "critic/vf_explained_var",
            "critic/vf_clipfrac",
            "critic/error_early",
            "critic/error_late",
            "critic/values/mean",
            "critic/returns/mean",
            "critic/grad_norm",
            "critic/learning_rate",
            "time/values_seconds",
            "memory/critic_peak_bytes",
            "memory/critic_gradients_peak_bytes",
            "memory/critic_optimiser_peak_bytes");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"ppo", "grpo"})
    @DisplayName("rewards, distances, clips, losses, lengths, seconds by activity and peak memory by role")
    void names(String algorithm) throws Exception {
        SmallRun run = new SmallRun(folder);
        try (Kernels kernels = KernelsChoice.AUTO.open(1)) {
            run.run(
                    "phases = [ { kind = rl, steps = 2, prompts-per-step = 16, mini-batches = 2, algorithm { name = "
                            + algorithm + ", samples-per-prompt = 4 } } ]\n",
                    kernels);
        }
        List<String> expected = new ArrayList<>(ALL);
        if (algorithm.equals("ppo")) {
            expected.addAll(CRITIC);
        }
        List<SortedMap<String, Double>> steps = run.events.stream()
                .filter(LoopEvent.StepFinished.class::isInstance)
                .map(event -> ((LoopEvent.StepFinished) event).metrics())
                .<SortedMap<String, Double>>map(TreeMap::new)
                .toList();
        assertThat(steps).hasSize(2);
        for (SortedMap<String, Double> step : steps) {
            for (String name : expected) {
                assertThat(step.get(name)).as(name).isNotNull().isFinite();
                if (name.startsWith("time/") || name.startsWith("memory/")) {
                    assertThat(step.get(name)).as(name).isPositive();
                }
            }
        }
        assertThat(steps.getLast().get("num_tokens"))
                .isGreaterThan(steps.getFirst().get("num_tokens"));
    }
}
