// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.grpo;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.RewardMetrics;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.KlPart;
import org.sextant.algorithms.surrogate.PolicyLoss;
import org.sextant.algorithms.surrogate.RatioMetrics;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
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
 * Group relative policy optimisation (Shao et al., DeepSeekMath, arXiv 2402.03300, equations 3 and 4 and section 4.1.2). Each question gets G answers o_i with
 * rewards r_i; an answer's tokens all get the advantage
 *
 * <pre>
 * A_i = (r_i − mean(r)) / std(r)
 * </pre>
 *
 * and the loss, with ρ = π/π_old of a token, is
 *
 * <pre>
 * L = −1/G Σ_i 1/|o_i| Σ_t { min(ρ A_i, clip(ρ, 1−ε, 1+ε) A_i) − β [π_ref/π − log(π_ref/π) − 1] }
 * </pre>
 *
 * Every choice in it is an axis of {@link GrpoConfig}; the defaults are the paper's.
 */
public final class Grpo implements Algorithm {
    private final GrpoConfig config;

    public Grpo(GrpoConfig config) {
        this.config = config;
    }

    @Override
    public Needs needs() {
        RolloutPlan plan = new RolloutPlan(config.samplesPerPrompt(), false);
        Needs needs = Needs.rollouts(plan, Set.of(new LogProb(), new Entropy()))
                .with(config.filter().coupling());
        for (Column<?> component : config.rewards().columns()) {
            needs = needs.with(component);
        }
        return config.kl().active() ? needs.with(Role.REFERENCE, Standard.REF_LOGP) : needs;
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        double[] rewards = config.rewards().rewards(batch, config.credit());
        double[] shaped = config.kl().inReward() ? config.kl().rowRewards(rewards, batch) : rewards;
        boolean[] scored = config.rewards().scored(batch, rewards);
        double[] advantages =
                config.credit().advantages(shaped, config.rewards().compared(batch, scored));
        Groups groups = Groups.of(batch.get(Standard.GROUP), scored);
        RewardMetrics.write(metrics, rewards, shaped, advantages, groups, scored);
        return Advantages.columns(advantages, batch);
    }

    @Override
    public Objective objective(LossScope scope) {
        Mask counted = config.lossMask();
        Reduce reduce = config.aggregation().reduce();
        Metrics metrics = new Metrics();
        List<Part> parts = new ArrayList<>();
        boolean[] mask = counted.over(scope.rows());
        Term loss = PolicyLoss.of(config.surrogate(), scope, mask, metrics);
        Term byToken = loss.domain() == Domain.ROW ? loss.toTokens() : loss;
        parts.add(new Part("policy", config.filter().apply(byToken, scope, mask), counted, reduce, 1));
        parts.addAll(KlPart.of(config.kl(), config.surrogate(), scope, counted, reduce, metrics));
        parts.addAll(config.entropyBonus().parts(scope, counted, reduce, metrics));
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
