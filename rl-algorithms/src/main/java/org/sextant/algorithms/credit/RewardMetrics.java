// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.List;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Masked;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;

/** What is worth knowing about the credit of a step; rows without a reward are in none of it. The collector logs the rewards themselves. */
public final class RewardMetrics {
    private RewardMetrics() {}

    /** What {@link #write} writes. */
    public static List<MetricDefinition> definitions() {
        return List.of(
                row(
                        "frac_reward_zero_std",
                        "share of groups whose rewards are all equal, and which teach nothing",
                        "share"),
                row("objective/rlhf_reward", "mean reward after the KL penalty in the reward", "1"),
                row("advantages/mean", "mean advantage of an answer", "1"),
                row("advantages/std", "standard deviation (n − 1) of the advantages of the batch", "1"));
    }

    private static MetricDefinition row(String name, String text, String unit) {
        return new MetricDefinition(name, text, unit, Reduction.MEAN, Domain.ROW);
    }

    /**
     * @param rewards of the task
     * @param shaped the same less the KL penalty in the reward
     * @param advantages one a row
     * @param valid rows with a reward; null for all
     */
    public static void write(
            Metrics metrics, double[] rewards, double[] shaped, double[] advantages, Groups groups, boolean[] valid) {
        metrics.mean("objective/rlhf_reward", shaped, valid);
        metrics.mean("advantages/mean", advantages, valid);
        int n = valid == null ? advantages.length : Masked.count(valid);
        if (n > 1) {
            metrics.value("advantages/std", Masked.std(advantages, valid, 1));
        }
        long constant = groups.members().stream()
                .filter(members -> GroupCredit.constant(GroupCredit.select(rewards, members)))
                .count();
        metrics.mean("frac_reward_zero_std", constant, groups.members().size());
    }
}
