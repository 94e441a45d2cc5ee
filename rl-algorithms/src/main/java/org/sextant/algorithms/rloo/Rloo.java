// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.RewardMetrics;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.KlPart;
import org.sextant.algorithms.surrogate.PolicyLoss;
import org.sextant.algorithms.surrogate.RatioMetrics;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/**
 * REINFORCE leave-one-out (Ahmadian et al., "Back to basics", arXiv 2402.14740; Kool et al. 2019). A whole answer is one action. With k answers to a
 * question and {@code R_i = r_i − β Σ_t log(π/π_ref)}, the KL penalty being a part of the reward:
 *
 * <pre>
 * A_i = R_i − 1/(k−1) Σ_{j≠i} R_j
 * L   = −1/k Σ_i A_i log π(y_i|x)
 * </pre>
 *
 * The paper takes one gradient step on each sample. With {@code surrogate.kind = clip} log π becomes the clipped ratio of the whole answer, for
 * several steps on the same samples (TRL); on the first step both have the same gradient.
 */
public final class Rloo implements Algorithm {
    private final RlooConfig config;

    public Rloo(RlooConfig config) {
        this.config = config;
    }

    @Override
    public Needs needs() {
        Needs needs =
                Needs.rollouts(new RolloutPlan(config.samplesPerPrompt(), false), Set.of(new LogProb(), new Entropy()));
        return config.kl().active() ? needs.with(Role.REFERENCE, Standard.REF_LOGP) : needs;
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        double[] rewards = batch.get(Standard.REWARD);
        double[] clipped =
                config.rewardClip().map(c -> Advantages.clip(rewards, -c, c)).orElse(rewards);
        double[] shaped = config.kl().inReward() ? config.kl().rowRewards(clipped, batch) : clipped;
        Groups groups = Groups.of(batch);
        boolean[] valid = batch.find(Standard.VALID).orElse(null);
        double[] advantages = config.credit().advantages(shaped, groups);
        if (config.normaliseAdvantages()) {
            advantages = Advantages.normalise(advantages, valid, 1, config.normaliseEpsilon());
        }
        RewardMetrics.write(metrics, rewards, shaped, advantages, groups, valid);
        return Advantages.columns(advantages, batch);
    }

    @Override
    public Objective objective(LossScope scope) {
        LossMask counted = config.lossMask();
        Reduce sums = Reduce.sequenceMeanTokenSum(1, config.countEmptyRows());
        Metrics metrics = new Metrics();
        List<Part> parts = new ArrayList<>();
        Term loss = PolicyLoss.of(config.surrogate(), scope, counted.over(scope.rows()), metrics);
        parts.add(new Part("policy", loss, counted.rows(config.countEmptyRows()), Reduce.rowMean(), 1));
        parts.addAll(KlPart.of(config.kl(), config.surrogate(), scope, counted, sums, metrics));
        parts.addAll(config.entropyBonus().parts(scope, counted, sums, metrics));
        return new Objective(parts, metrics);
    }

    @Override
    public List<MetricDefinition> metrics() {
        List<MetricDefinition> all = new ArrayList<>(RewardMetrics.definitions());
        all.addAll(RatioMetrics.definitions());
        all.add(KlPart.METRIC);
        all.add(EntropyBonus.METRIC);
        return all;
    }
}
