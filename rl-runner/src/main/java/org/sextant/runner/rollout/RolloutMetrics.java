// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

import java.util.List;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;

/** What is worth logging about a collected batch, before the algorithm selects from it. Names are TRL's where the meaning is the same. */
public final class RolloutMetrics {
    private RolloutMetrics() {}

    public static final List<MetricDefinition> DEFINITIONS = List.of(
            row("reward", "mean reward of the rows whose reward did not abstain or fail", "1", Reduction.MEAN),
            row("reward_std", "standard deviation (n - 1) of the reward over the batch", "1", Reduction.MEAN),
            row("reward/<difficulty>", "mean reward of the questions of one difficulty", "1", Reduction.MEAN),
            row("rewards/<component>/mean", "mean of one component before weights", "1", Reduction.MEAN),
            row("rewards/<component>/std", "standard deviation (n - 1) of one component", "1", Reduction.MEAN),
            row("reward_abstained", "share of rows whose reward abstained or failed", "share", Reduction.MEAN),
            row("reward_failed", "share of rows whose reward broke", "share", Reduction.MEAN),
            row("completions/mean_length", "mean answer length, all turns", "tokens", Reduction.MEAN),
            row("completions/min_length", "shortest answer", "tokens", Reduction.MIN),
            row("completions/max_length", "longest answer", "tokens", Reduction.MAX),
            row("completions/clipped_ratio", "share of answers cut off by a limit", "share", Reduction.MEAN),
            row(
                    "completions/mean_terminated_length",
                    "mean length of the answers that were not cut off",
                    "tokens",
                    Reduction.MEAN),
            new MetricDefinition(
                    "sampling/entropy_estimate",
                    "mean of -log pi of the sampled tokens: unbiased estimate of the " + "token entropy",
                    "nats",
                    Reduction.MEAN,
                    Domain.TOKEN));

    private static MetricDefinition row(String name, String definition, String unit, Reduction reduction) {
        return new MetricDefinition(name, definition, unit, reduction, Domain.ROW);
    }

    public static Metrics of(Experience batch) {
        Metrics metrics = new Metrics();
        rewards(batch, metrics);
        lengths(batch, metrics);
        double[] logp = batch.get(Standard.OLD_LOGP);
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        metrics.mean("sampling/entropy_estimate", -Masked.sum(logp, mask), Masked.count(mask));
        return metrics;
    }

    private static void rewards(Experience batch, Metrics metrics) {
        double[] reward = batch.get(Standard.REWARD);
        boolean[] valid = batch.get(Standard.VALID);
        int rows = batch.rows();
        metrics.mean("reward", reward, valid);
        if (Masked.count(valid) > 1) {
            metrics.value("reward_std", Masked.std(reward, valid, 1));
        }
        metrics.mean("reward_abstained", rows - Masked.count(valid), rows);
        metrics.mean("reward_failed", Masked.count(batch.get(RewardColumns.FAILED)), rows);
        String[] difficulty = batch.get(Standard.DIFFICULTY);
        for (int i = 0; i < rows; i++) {
            if (valid[i]) {
                metrics.value("reward/" + difficulty[i], reward[i]);
            }
        }
        for (Column<?> column : batch.columns().keys()) {
            if (column.name().startsWith(RewardColumns.COMPONENT_PREFIX)) {
                component(column.name(), (double[]) batch.get(column), metrics);
            }
        }
    }

    private static void component(String name, double[] values, Metrics metrics) {
        boolean[] there = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            there[i] = !Double.isNaN(values[i]);
        }
        metrics.mean(name + "/mean", values, there);
        if (Masked.count(there) > 1) {
            metrics.value(name + "/std", Masked.std(values, there, 1));
        }
    }

    private static void lengths(Experience batch, Metrics metrics) {
        Layout layout = batch.layout();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        Finish[] finish = batch.get(Standard.FINISH);
        for (int row = 0; row < layout.rows(); row++) {
            int length = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                length += mask[t] ? 1 : 0;
            }
            metrics.value("completions/mean_length", length);
            metrics.min("completions/min_length", length);
            metrics.max("completions/max_length", length);
            metrics.value("completions/clipped_ratio", finish[row].truncated() ? 1 : 0);
            if (!finish[row].truncated()) {
                metrics.value("completions/mean_terminated_length", length);
            }
        }
    }
}
