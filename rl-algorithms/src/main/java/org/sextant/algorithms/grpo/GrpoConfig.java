// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.grpo;

import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.Components;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.surrogate.PolicyFilter;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * Settings of {@link Grpo}; {@code grpo.conf} beside this class has the defaults and says what each means.
 *
 * @param samplesPerPrompt answers of a group, at least 2
 * @param rewards which rewards
 * @param credit baseline and scale
 * @param surrogate ratio and clip
 * @param filter tokens without a policy loss
 * @param kl distance to the reference
 * @param aggregation how token losses become one number
 * @param lossMask which tokens count
 * @param entropyBonus none, or a part of the loss
 */
public record GrpoConfig(
        int samplesPerPrompt,
        Components rewards,
        GroupCredit credit,
        Surrogate surrogate,
        PolicyFilter filter,
        Kl kl,
        Aggregation aggregation,
        LossMask lossMask,
        EntropyBonus entropyBonus) {
    /** Reads a block {@code algorithm { name = grpo, … }}. */
    public static GrpoConfig read(ConfigReader own) {
        return new GrpoConfig(
                own.integer("samples-per-prompt", Range.atLeast(2)),
                Components.read(own.object("rewards")),
                GroupCredit.read(own.object("credit")),
                Surrogate.read(own.object("surrogate")),
                PolicyFilter.read(own.object("filter")),
                Kl.read(own.object("kl")),
                Aggregation.read(own.object("aggregation")),
                LossMask.read(own),
                EntropyBonus.read(own.object("entropy-bonus")));
    }
}
