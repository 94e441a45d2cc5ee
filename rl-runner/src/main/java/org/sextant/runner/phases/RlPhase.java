// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.environment.Item;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.Role;
import org.sextant.api.model.RoleSettings;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.random.StreamKey;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.state.StateMap;
import org.sextant.runner.rollout.RolloutMetrics;

/**
 * Reinforcement learning: each step collects answers from the current policy, lets the algorithm select and credit them, and takes optimiser steps.
 * The same for every algorithm; what differs is in the algorithm's needs, credit and objective.
 */
final class RlPhase implements Phase {
    private final RlSettings settings;
    private final Algorithm algorithm;
    private PhaseContext context;
    private Learner learner;
    private ModelColumns columns;
    private StepRollouts rollouts;

    RlPhase(RlSettings settings, Algorithm algorithm) {
        this.settings = settings;
        this.algorithm = algorithm;
    }

    @Override
    public String kind() {
        return "rl";
    }

    @Override
    public int steps() {
        return settings.steps();
    }

    @Override
    public Needs needs() {
        return algorithm.needs();
    }

    @Override
    public RoleSettings roles() {
        int rows = settings.promptsPerStep()
                * algorithm.needs().rollout().map(RolloutPlan::samplesPerPrompt).orElse(0);
        return new RoleSettings(Optional.of(settings.critic()), settings.reference(), rows);
    }

    @Override
    public Explanation explain(Sampling sampling, int maxNewTokens) {
        return RlExplanation.of(settings, algorithm, sampling, maxNewTokens);
    }

    @Override
    public void begin(PhaseContext given) {
        context = given;
        learner = given.learner(settings.optimiser(), settings.optimiserSteps());
        columns = new ModelColumns(given, learner, settings.reference(), needs().columns());
        rollouts = new StepRollouts(settings, algorithm.needs().rollout().orElseThrow(), given);
    }

    @Override
    public Metrics step(int step) {
        Metrics metrics = new Metrics();
        StepRollouts.Collected collected =
                context.timed("collect", () -> rollouts.collect(learner.snapshot(), step, metrics));
        Experience all = collected.all();
        context.publish(new LoopEvent.Collected(
                context.number(), step, all.rows(), all.layout().tokens()));
        show(collected.first(), all, step);
        Experience kept = collected.kept().select(algorithm.curate(collected.kept()));
        metrics.value("rows_kept", kept.rows());
        if (kept.rows() > 0) {
            Experience scored = columns.fill(kept, step);
            learn(scored.with(algorithm.credit(scored, metrics)), step, metrics);
        }
        return metrics;
    }

    private void show(Item first, Experience raw, int step) {
        int[] tokens = raw.get(Standard.TOKENS);
        boolean[] mask = raw.get(Standard.RESPONSE_MASK);
        int[] answer = java.util.stream.IntStream.range(0, raw.layout().end(0))
                .filter(t -> mask[t])
                .map(t -> tokens[t])
                .toArray();
        context.publish(new LoopEvent.SampleShown(
                context.number(),
                step,
                first.prompt(),
                context.tokenizer().decode(answer),
                raw.get(Standard.REWARD)[0]));
    }

    /** Stops when an update finds the policy further from the one that sampled than {@code target-kl}. */
    private void learn(Experience credited, int step, Metrics metrics) {
        Needs needs = algorithm.needs();
        boolean criticAlone =
                needs.trains(Role.CRITIC) && step < settings.critic().pretrainSteps();
        Set<Role> resting = criticAlone ? Set.of(Role.POLICY) : Set.of();
        boolean untouched = true;
        int updates = 0;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            var stream = context.streams().open(new StreamKey("mini-batches", step, context.number(), epoch));
            for (Rows rows : MiniBatches.split(credited, settings.miniBatches(), needs.coupling(), stream)) {
                Experience batch = settings.miniBatches() == 1 ? credited : credited.select(rows);
                Learner.Request request = new Learner.Request(
                        needs.outputs(), needs.coupling(), context.temperature(), untouched, false, resting);
                Metrics update = context.timed("update", () -> learner.update(batch, request, algorithm::objective));
                metrics.addAll(update);
                untouched &= !resting.isEmpty();
                updates++;
                context.publish(new LoopEvent.Updated(
                        context.number(), step, learner.snapshot().version()));
                if (tooFar(update)) {
                    metrics.value("updates", updates);
                    return;
                }
            }
        }
        metrics.value("updates", updates);
    }

    /** An update in which no token counts measures nothing. */
    private boolean tooFar(Metrics update) {
        Double moved = update.values().get(RlSettings.APPROX_KL);
        return moved != null
                && settings.targetKl().filter(limit -> moved > limit).isPresent();
    }

    @Override
    public boolean measured() {
        return true;
    }

    @Override
    public void save(StateMap out) {
        algorithm.save(out.nested("algorithm"));
        rollouts.save(out.nested("rollouts"));
    }

    @Override
    public void load(StateMap in) {
        algorithm.load(in.getNested("algorithm"));
        rollouts.load(in.getNested("rollouts"));
    }

    @Override
    public List<MetricDefinition> metrics() {
        return Stream.of(
                        RolloutMetrics.DEFINITIONS,
                        StepRollouts.DEFINITIONS,
                        algorithm.metrics(),
                        List.of(
                                new MetricDefinition(
                                        "rows_kept",
                                        "rows that the algorithm chose to learn from",
                                        "rows",
                                        MetricDefinition.Reduction.MEAN,
                                        Domain.ROW),
                                new MetricDefinition(
                                        "updates",
                                        "optimiser steps; fewer than planned where target-kl ended the step",
                                        "steps",
                                        MetricDefinition.Reduction.MEAN,
                                        Domain.SCALAR)))
                .flatMap(List::stream)
                .toList();
    }
}
