// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Arrays;
import java.util.List;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;

/** What is worth knowing about the credit of a step; rows without a reward are in none of it. The collector logs the rewards themselves. */
final class RewardMetrics {
    private RewardMetrics() {}

    /** What {@link #write} writes, and an anchor. */
    static List<MetricDefinition> definitions() {
        return List.of(
                row(
                        "frac_reward_zero_std",
                        "share of groups whose rewards are all equal, and which teach nothing; where there are groups"
                                + " of two and more",
                        "share"),
                row("objective/rlhf_reward", "mean reward after the KL penalty in the reward", "1"),
                token("advantages/mean", "mean advantage of a token"),
                token("advantages/std", "standard deviation (n − 1) of the advantages of the step's tokens"),
                row("credit/anchor", "mean of the anchors that the rewards were measured from", "1"));
    }

    /**
     * @param signal whose rows count
     * @param estimate what became of it
     */
    static void write(Metrics metrics, RewardSignal signal, Estimate estimate, Experience batch) {
        Layout layout = batch.layout();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        metrics.mean(
                "objective/rlhf_reward", signal.with(signal.penalty(), true).totals(layout, mask), signal.scored());
        boolean[] counted = TokenRewards.counted(signal, batch);
        metrics.mean("advantages/mean", estimate.tokens(), counted);
        if (Masked.count(counted) > 1) {
            metrics.value("advantages/std", Masked.std(estimate.tokens(), counted, 1));
        }
        if (Arrays.stream(batch.get(Standard.GROUP)).distinct().count() < batch.rows()) {
            groups(metrics, signal, batch);
        }
    }

    /** An answer that is alone with its question has nothing to differ from. */
    private static void groups(Metrics metrics, RewardSignal signal, Experience batch) {
        double[] rewards = signal.without().totals(batch.layout(), batch.get(Standard.RESPONSE_MASK));
        Groups groups = Groups.of(batch.get(Standard.GROUP), signal.scored());
        long constant = groups.members().stream()
                .filter(members -> GroupCredit.constant(GroupCredit.select(rewards, members)))
                .count();
        metrics.mean("frac_reward_zero_std", constant, groups.members().size());
    }

    private static MetricDefinition token(String name, String text) {
        return new MetricDefinition(name, text, "1", Reduction.MEAN, Domain.TOKEN);
    }

    private static MetricDefinition row(String name, String text, String unit) {
        return new MetricDefinition(name, text, unit, Reduction.MEAN, Domain.ROW);
    }
}
