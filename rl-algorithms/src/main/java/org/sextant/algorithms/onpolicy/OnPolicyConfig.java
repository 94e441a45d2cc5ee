// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import java.util.Optional;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.Components;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.algorithms.surrogate.OffPolicyCorrection;
import org.sextant.algorithms.surrogate.PolicyFilter;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.value.ValueLoss;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * Settings of an {@link OnPolicy} algorithm: one for each axis. Every algorithm has all of them; they differ in the defaults.
 *
 * @param samplesPerPrompt answers of a group
 * @param rewards which rewards
 * @param rewardClip rewards are limited to ± this before the KL penalty; empty: not limited
 * @param credit rewards to advantages
 * @param surrogate ratio and clip
 * @param correction weights of answers that another distribution sampled
 * @param filter tokens without a policy loss
 * @param kl distance to the reference
 * @param value loss of the critic; not used, and its block not read, where the credit has none
 * @param aggregation how token losses become one number
 * @param lossMask which tokens count
 * @param entropyBonus none, or a part of the loss
 */
public record OnPolicyConfig(
        int samplesPerPrompt,
        Components rewards,
        Optional<Double> rewardClip,
        Credit credit,
        Surrogate surrogate,
        OffPolicyCorrection correction,
        PolicyFilter filter,
        KlPenalty kl,
        ValueLoss value,
        Aggregation aggregation,
        LossMask lossMask,
        EntropyBonus entropyBonus) {
    /** Reads a block {@code algorithm { name = …, … }}. */
    public static OnPolicyConfig read(ConfigReader own) {
        ConfigReader rewards = own.object("rewards");
        Credit credit = Credit.read(own.object("credit"));
        OnPolicyConfig config = new OnPolicyConfig(
                own.integer("samples-per-prompt", Range.atLeast(1)),
                Components.read(rewards),
                rewards.optionalDecimal("clip", Range.positive()),
                credit,
                Surrogate.read(own.object("surrogate")),
                OffPolicyCorrection.read(own.object("correction")),
                PolicyFilter.read(own.object("filter")),
                KlPenalty.read(own.object("kl")),
                credit.hasCritic() ? ValueLoss.read(own.object("value")) : ValueLoss.PLAIN,
                Aggregation.read(own.object("aggregation")),
                LossMask.read(own),
                EntropyBonus.read(own.object("entropy-bonus")));
        config.requireFits(own);
        return config;
    }

    private void requireFits(ConfigReader own) {
        if (rewards.order() == Components.Order.NORMALISE_THEN_SUM
                && credit.comparison().isEmpty()) {
            own.object("rewards")
                    .problem("order", "normalise-then-sum needs a baseline and scale: credit.kind = group or returns");
        }
        if (credit.whitensRows() && kl.active() && kl.kl().placement() == Kl.Placement.REWARD_AFTER_BASELINE) {
            own.object("kl")
                    .problem(
                            "placement",
                            "reward-after-baseline gives each token an advantage of its own; credit.whiten.scope = rows"
                                    + " needs one an answer: choose reward, or whiten.scope = tokens");
        }
        boolean filtered =
                filter.topEntropyShare() < 1 || filter.offPolicyLimit().isPresent();
        boolean corrected = correction.kind() != OffPolicyCorrection.Kind.OFF
                && correction.level() == OffPolicyCorrection.Level.TOKEN;
        if (aggregation.byAnswer() && surrogate.level().byRow() && (filtered || corrected)) {
            own.object("aggregation")
                    .problem(
                            "kind",
                            "sequence-mean takes answers whole; filter, and correction.level = token, are of tokens:"
                                    + " choose another kind, or correction.level = sequence");
        }
    }

    /** These axes with neutral others: a loss of credit and surrogate alone, by the mean of tokens. */
    public static OnPolicyConfig of(int samplesPerPrompt, Credit credit, Surrogate surrogate) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                Components.none(),
                Optional.empty(),
                credit,
                surrogate,
                OffPolicyCorrection.off(),
                PolicyFilter.none(),
                KlPenalty.of(Kl.of(0, Kl.Placement.LOSS, Kl.Estimator.K3)),
                ValueLoss.PLAIN,
                new Aggregation(Aggregation.Kind.TOKEN_MEAN, 1, true, 0),
                new LossMask(LossMask.Treatment.KEEP, LossMask.Treatment.KEEP),
                new EntropyBonus(0, EntropyBonus.Over.SAME));
    }

    /** These settings with another correction. */
    public OnPolicyConfig with(OffPolicyCorrection other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                other,
                filter,
                kl,
                value,
                aggregation,
                lossMask,
                entropyBonus);
    }

    /** These settings with another filter. */
    public OnPolicyConfig with(PolicyFilter other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                correction,
                other,
                kl,
                value,
                aggregation,
                lossMask,
                entropyBonus);
    }

    /** These settings with another KL. */
    public OnPolicyConfig with(KlPenalty other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                correction,
                filter,
                other,
                value,
                aggregation,
                lossMask,
                entropyBonus);
    }

    /** These settings with another value loss. */
    public OnPolicyConfig with(ValueLoss other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                correction,
                filter,
                kl,
                other,
                aggregation,
                lossMask,
                entropyBonus);
    }

    /** These settings with another aggregation. */
    public OnPolicyConfig with(Aggregation other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                correction,
                filter,
                kl,
                value,
                other,
                lossMask,
                entropyBonus);
    }

    /** These settings with another loss mask. */
    public OnPolicyConfig with(LossMask other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                correction,
                filter,
                kl,
                value,
                aggregation,
                other,
                entropyBonus);
    }

    /** These settings with another entropy bonus. */
    public OnPolicyConfig with(EntropyBonus other) {
        return new OnPolicyConfig(
                samplesPerPrompt,
                rewards,
                rewardClip,
                credit,
                surrogate,
                correction,
                filter,
                kl,
                value,
                aggregation,
                lossMask,
                other);
    }
}
