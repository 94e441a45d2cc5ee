// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.config.ConfigException;

/** What a step collects, and when its updates end. */
class StepRolloutsTest {
    /** Rewards of an untrained model are seldom other than 0, so many groups have no signal. */
    private static final String EXACT = "reward { name = exact-match }\nsampling.max-new-tokens = 1\n"
            + "task { left-digits.max = 1, right-digits.max = 1 }\n";

    @TempDir
    Path folder;

    private static String rl(int steps, String more) {
        return "phases = [ { kind = rl, steps = " + steps + ", prompts-per-step = 6, " + more
                + ", algorithm { name = grpo, samples-per-prompt = 8, kl.coefficient = 0 } } ]\n";
    }

    @Test
    void groupsWithoutASignalAreReplacedUntilThereAreEnoughOrRounds() throws Exception {
        SmallRun plain = new SmallRun(folder.resolve("plain"));
        plain.run(EXACT + rl(2, "epochs = 1"));
        SmallRun dynamic = new SmallRun(folder.resolve("dynamic"));
        dynamic.run(EXACT + rl(2, "dynamic-sampling.rounds = 3"));

        assertThat(plain.metrics.getFirst())
                .containsEntry("rows_kept", 48.0)
                .doesNotContainKey("dynamic_sampling/rounds");
        for (SortedMap<String, Double> step : dynamic.metrics) {
            double groups = step.get("rows_kept") / 8;
            double rounds = step.get("dynamic_sampling/rounds");
            assertThat(groups).isLessThanOrEqualTo(6);
            assertThat(groups == 6 || rounds == 3)
                    .as("%s groups, %s rounds", groups, rounds)
                    .isTrue();
            assertThat(step.get("dynamic_sampling/dropped_groups")).isPositive();
            if (groups > 0) {
                assertThat(step.get("frac_reward_zero_std")).isZero();
            }
        }
        assertThat(dynamic.metrics.getLast().get("num_tokens"))
                .isGreaterThan(plain.metrics.getLast().get("num_tokens"));
    }

    @Test
    void aKillDoesNotChangeWhichQuestionsComeNext() throws Exception {
        String hocon = EXACT + rl(5, "dynamic-sampling.rounds = 3");
        SmallRun straight = new SmallRun(folder.resolve("straight"));
        straight.run(hocon);
        SmallRun killed = new SmallRun(folder.resolve("killed")).dyingAfter(3);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);

        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(resumed.model()).isEqualTo(straight.model());
    }

    @Test
    void updatesEndWhenThePolicyHasMovedTooFar() throws Exception {
        String far = "epochs = 6, optimiser.learning-rate = 1e-2, ";
        SmallRun free = new SmallRun(folder.resolve("free"));
        free.run(rl(1, far + "target-kl = null"));
        SmallRun held = new SmallRun(folder.resolve("held"));
        held.run(rl(1, far + "target-kl = 1e-6"));

        assertThat(free.metrics.getFirst()).containsEntry("updates", 6.0);
        // The first update is on-policy, the second sees that the policy has moved.
        assertThat(held.metrics.getFirst()).containsEntry("updates", 2.0);
    }

    /** Almost every answer of one token is cut off, so there are updates in which no token counts. */
    @Test
    void anUpdateThatMeasuresNothingDoesNotEndThem() throws Exception {
        SmallRun run = new SmallRun(folder);
        run.run("sampling.max-new-tokens = 1\n"
                + "phases = [ { kind = rl, steps = 1, prompts-per-step = 6, mini-batches = 24, target-kl = 1e6,"
                + " algorithm { name = grpo, samples-per-prompt = 4, kl.coefficient = 0, truncated-answers = mask"
                + " } } ]\n");

        assertThat(run.metrics.getFirst()).containsEntry("updates", 24.0);
    }

    @Test
    void aTargetNeedsAnAlgorithmThatMeasuresTheDistance() {
        assertThatThrownBy(() -> new SmallRun(folder)
                        .run("phases = [ { kind = rl, steps = 1, prompts-per-step = 2, "
                                + "target-kl = 0.1, algorithm { name = moving-baseline, rate = 0.3 } } ]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("target-kl")
                .hasMessageContaining("does not measure approx_kl");
    }

    @Test
    void rulesForRewardsNeedAnAlgorithmThatLearnsFromThem() {
        assertThatThrownBy(() -> new SmallRun(folder)
                        .run("phases = [ { kind = rl, steps = 1, prompts-per-step = 2, answers.missing-eos-penalty = 1,"
                                + " algorithm { name = grpo, samples-per-prompt = 2,"
                                + " rewards.components = [ { name = exact-match, weight = 1 } ] } } ]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("answers")
                .hasMessageContaining("rewards.components");
    }

    @Test
    void whatIsLearnedFromIsLoggedBesideTheTasksReward() throws Exception {
        SmallRun run = new SmallRun(folder);
        run.run(rl(1, "answers { truncated-reward = replace, truncated-value = -1, missing-eos-penalty = 1 }"));

        SortedMap<String, Double> step = run.metrics.getFirst();
        double cut = step.get("completions/clipped_ratio");
        assertThat(cut).isPositive();
        assertThat(step.get("reward")).isBetween(0.0, 1.0);
        assertThat(step.get("reward_shaped")).isBetween(-2 * cut, 1 - 2 * cut);
    }
}
