// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import java.util.Optional;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * Settings of {@link Rloo}; {@code rloo.conf} beside this class has the defaults and says what each means.
 *
 * @param samplesPerPrompt answers of a group, at least 2
 * @param single what becomes of a group of one
 * @param rewardClip rewards are limited to ± this before the KL penalty; empty: not limited
 * @param normaliseAdvantages divide advantages by their standard deviation over the batch
 * @param normaliseEpsilon added to that standard deviation
 * @param surrogate ratio and clip, or reinforce; at the sequence level
 * @param kl distance to the reference
 * @param lossMask which answers count
 * @param countEmptyRows whether answers without a token that counts are in the number of answers
 * @param entropyBonus none, or a part of the loss
 */
public record RlooConfig(
        int samplesPerPrompt,
        Single single,
        Optional<Double> rewardClip,
        boolean normaliseAdvantages,
        double normaliseEpsilon,
        Surrogate surrogate,
        Kl kl,
        LossMask lossMask,
        boolean countEmptyRows,
        EntropyBonus entropyBonus) {
    /** Reads a block {@code algorithm { name = rloo, … }}. */
    public static RlooConfig read(ConfigReader own) {
        ConfigReader surrogate = own.object("surrogate");
        RlooConfig config = new RlooConfig(
                own.integer("samples-per-prompt", Range.atLeast(2)),
                own.oneOf("single", Single.class),
                own.optionalDecimal("reward-clip", Range.positive()),
                own.bool("normalise-advantages"),
                own.decimal("normalise-epsilon", Range.atLeast(0)),
                Surrogate.read(surrogate),
                Kl.read(own.object("kl")),
                LossMask.read(own),
                own.bool("count-empty-rows"),
                EntropyBonus.read(own.object("entropy-bonus")));
        if (!config.surrogate.level().byRow()) {
            surrogate.problem(
                    "level",
                    "rloo treats the answer as one action: sequence-product or sequence-mean; for token ratios use"
                            + " grpo with credit.baseline = leave-one-out and credit.scale = none");
        }
        return config;
    }

    /** The leave-one-out baseline, unscaled. */
    GroupCredit credit() {
        return new GroupCredit(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1, 0, single);
    }
}
