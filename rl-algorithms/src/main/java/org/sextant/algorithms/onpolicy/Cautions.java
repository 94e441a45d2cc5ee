// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.algorithms.surrogate.OffPolicyCorrection;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Kind;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;

/** Settings that are legal together and known to be mistakes, each with what to do instead. */
final class Cautions {
    private Cautions() {}

    static Explanation of(OnPolicyConfig config, Circumstances where) {
        Explanation said = config.credit().cautions(config.samplesPerPrompt());
        ratio(said, config.surrogate(), where);
        penalty(said, config.kl());
        Aggregation mean = config.aggregation();
        said.warnIf(
                mean.kind() == Aggregation.Kind.SEQUENCE_MEAN_TOKEN_SUM_NORM
                        && mean.normaliser() > 2.0 * where.maxNewTokens(),
                "aggregation.normaliser = " + Explanation.number(mean.normaliser()) + ", and a turn ends after "
                        + where.maxNewTokens() + " tokens at most: the gradient is so much smaller that"
                        + " optimiser.max-gradient-norm limits nothing; set it to the longest answer");
        boolean greedy = config.credit()
                .comparison()
                .filter(c -> c.baseline() == Baseline.GREEDY)
                .isPresent();
        said.warnIf(
                greedy && !config.rewards().columns().isEmpty(),
                "credit.baseline = greedy with rewards.components: greedy answers have the reward of the run, which may"
                        + " be of another scale than this sum; leave components empty, or choose another baseline");
        said.warnIf(
                where.sampling().alters() && config.correction().kind() == OffPolicyCorrection.Kind.OFF,
                "block sampling leaves tokens out or reweighs them, so answers are not samples of the policy that"
                        + " learns from them: sample from it as it is, or set correction.kind = truncate");
        said.warnIf(
                config.entropyBonus().coefficient() < 0,
                "entropy-bonus.coefficient is below 0 and makes the policy certain; above 0 keeps it random");
        return said;
    }

    private static void ratio(Explanation said, Surrogate surrogate, Circumstances where) {
        said.warnIf(
                surrogate.kind() == Kind.REINFORCE && where.reuses(),
                "surrogate.kind = reinforce with " + where.updates()
                        + " optimiser steps on each round: all but the first learn from answers of a policy that has"
                        + " moved on, and nothing corrects for it; set surrogate.kind = clip, or epochs and"
                        + " mini-batches to 1");
        said.warnIf(
                surrogate.kind() == Kind.CLIP && surrogate.level() == Level.SEQUENCE_PRODUCT && where.reuses(),
                "surrogate.level = sequence-product with " + where.updates()
                        + " optimiser steps on each round: the ratio of an answer is the product of its tokens' and"
                        + " leaves the clip range at once in long answers; sequence-mean (GSPO) or token does not");
        said.warnIf(
                surrogate.dualClip().filter(c -> c <= 1 + surrogate.clipHigh()).isPresent(),
                "surrogate.dual-clip is not above 1 + surrogate.clip-high: it bounds losses that the clip range allows;"
                        + " verl has 3");
        said.warnIf(
                !where.reuses()
                        && (surrogate.dualClip().isPresent()
                                || surrogate.delta().isPresent()),
                "surrogate.dual-clip and delta bound a ratio that is always 1, since a round has one optimiser step:"
                        + " raise mini-batches or epochs, or leave them out");
    }

    private static void penalty(Explanation said, KlPenalty penalty) {
        Kl kl = penalty.kl();
        said.warnIf(
                penalty.active()
                        && kl.placement() == Kl.Placement.LOSS
                        && kl.estimator() == Kl.Estimator.K1
                        && !kl.straightThrough()
                        && !kl.ratioWeighted(),
                "kl.estimator = k1 with kl.placement = loss: the expectation of its gradient is 0, so it adds noise and"
                        + " holds nothing; choose k2 or full, k3, or placement = reward");
        said.warnIf(
                !penalty.active() && !penalty.coefficient().constant(),
                "kl.schedule changes a coefficient of 0, which stays 0; give kl.coefficient a value above 0");
    }
}
