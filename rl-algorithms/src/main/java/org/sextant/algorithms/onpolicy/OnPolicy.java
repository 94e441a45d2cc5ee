// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sextant.algorithms.aggregation.LossMask;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.RewardSignal;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.algorithms.surrogate.OffPolicyCorrection;
import org.sextant.algorithms.surrogate.PolicyLoss;
import org.sextant.algorithms.surrogate.RatioMetrics;
import org.sextant.algorithms.value.ValueLoss;
import org.sextant.algorithms.value.ValueMetrics;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;
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
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.api.state.StateMap;
import org.sextant.api.tape.Term;

/**
 * What the on-policy algorithms share: a step of each is rewards, less KL, to advantages (credit); then a policy loss, a KL penalty, an entropy bonus and, where the
 * credit has a critic, a value loss. Which of these there are, and which form each has, is in the {@link OnPolicyConfig}; an algorithm is a choice of defaults, and what
 * it does differently.
 */
public abstract class OnPolicy implements Algorithm {
    private final OnPolicyConfig config;

    protected OnPolicy(OnPolicyConfig config) {
        this.config = config;
    }

    @Override
    public Needs needs() {
        return config.credit().needs(imitating());
    }

    /** What is needed where no credit is given: samples, their log-probabilities, and a reference if there is a penalty. */
    protected final Needs imitating() {
        RolloutPlan plan = new RolloutPlan(config.samplesPerPrompt(), false);
        Needs needs = Needs.rollouts(plan, Set.of(new LogProb(), new Entropy()))
                .with(config.filter().coupling());
        for (Column<?> component : config.rewards().columns()) {
            needs = needs.with(component);
        }
        return config.kl().needs(needs);
    }

    /** An algorithm may need less than the axes offer: one that only imitates has no critic. */
    private boolean hasCritic() {
        return needs().roles().contains(Role.CRITIC);
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        Columns columns = config.credit().columns(penalise(batch, metrics), batch, metrics);
        if (hasCritic()) {
            ValueMetrics.write(
                    metrics,
                    batch,
                    columns.get(Standard.RETURNS),
                    config.lossMask().over(batch));
        }
        return columns;
    }

    /** The rewards of a step, less the KL penalty if that is where it goes. */
    protected final RewardSignal penalise(Experience batch, Metrics metrics) {
        double[] rewards = rewards(batch);
        boolean[] scored = config.rewards().scored(batch, rewards);
        RewardSignal task = config.rewards().compared(RewardSignal.of(rewards, scored, batch));
        return config.kl().penalise(task, batch, metrics);
    }

    /** One reward a row, NaN where there is none. */
    protected final double[] rewards(Experience batch) {
        double[] rewards = config.rewards().rewards(batch, config.credit().comparison());
        return config.rewardClip().map(c -> Advantages.clip(rewards, -c, c)).orElse(rewards);
    }

    @Override
    public Objective objective(LossScope scope) {
        LossMask counted = config.lossMask();
        Reduce reduce = config.aggregation().reduce();
        Metrics metrics = new Metrics();
        List<Part> parts = new ArrayList<>();
        parts.add(policyPart(scope, counted, reduce, metrics));
        parts.addAll(config.kl().parts(config.surrogate(), scope, counted, reduce, metrics));
        Mask top = config.filter().mostRandom(scope, counted);
        parts.addAll(config.entropyBonus().parts(scope, counted, top, reduce, metrics));
        if (hasCritic()) {
            parts.add(config.value().part(scope, counted, reduce, metrics));
        }
        return new Objective(parts, metrics);
    }

    private Part policyPart(LossScope scope, LossMask counted, Reduce reduce, Metrics metrics) {
        boolean[] mask = counted.over(scope.rows());
        Term loss = PolicyLoss.of(config.surrogate(), scope, mask, metrics);
        if (loss.domain() == Domain.ROW && config.aggregation().byAnswer()) {
            Mask answers = counted.rows(config.aggregation().countEmptyRows());
            Term weighted = config.correction().apply(loss, scope, mask, metrics);
            return new Part("policy", weighted, answers, Reduce.rowMean(), 1);
        }
        Term byToken = loss.domain() == Domain.ROW ? loss.toTokens() : loss;
        Term weighted = config.correction().apply(byToken, scope, mask, metrics);
        return new Part("policy", config.filter().apply(weighted, scope, mask), counted, reduce, 1);
    }

    @Override
    public Explanation explain(Circumstances where) {
        return Formulas.credit(config).then(loss(where)).then(Cautions.of(config, where));
    }

    /** The loss as formulas. */
    protected final Explanation loss(Circumstances where) {
        return Formulas.loss(config, hasCritic(), where.reuses());
    }

    @Override
    public List<MetricDefinition> metrics() {
        List<MetricDefinition> all = new ArrayList<>(config.credit().metrics());
        all.addAll(RatioMetrics.definitions());
        all.add(OffPolicyCorrection.METRIC);
        all.addAll(KlPenalty.definitions());
        all.add(EntropyBonus.METRIC);
        if (hasCritic()) {
            all.addAll(ValueMetrics.definitions());
            all.add(ValueLoss.CLIP_FRACTION);
        }
        return all;
    }

    /** The state of the axes that have any. */
    @Override
    public void save(StateMap out) {
        config.credit().save(out.nested("credit"));
        config.kl().save(out.nested("kl"));
    }

    @Override
    public void load(StateMap in) {
        config.credit().load(in.getNested("credit"));
        config.kl().load(in.getNested("kl"));
    }
}
