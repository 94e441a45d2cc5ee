// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.environment.Item;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.random.StreamKey;
import org.sextant.api.state.StateMap;
import org.sextant.runner.learning.OnPolicyCheck;
import org.sextant.runner.rollout.EnvironmentCollector;
import org.sextant.runner.rollout.RolloutMetrics;

/**
 * Reinforcement learning: each step collects answers from the current policy, lets the algorithm select and credit them, and takes optimiser steps.
 * The same for every algorithm; what differs is in the algorithm's needs, credit and objective.
 */
final class RlPhase implements Phase {
    private static final Output LOGP = new LogProb();

    /** Models besides the policy that the phase offers, and the column that each fills. */
    private static final Map<Role, Column<?>> FILLED =
            Map.of(Role.REFERENCE, Standard.REF_LOGP, Role.CRITIC, Standard.VALUES, Role.REWARD, Standard.SCORE);

    /** Roles that the phase offers. */
    static final Set<Role> ROLES = FILLED.keySet();

    private final RlSettings settings;
    private final Algorithm algorithm;
    private PhaseContext context;
    private Learner learner;
    private StepRollouts rollouts;

    RlPhase(RlSettings settings, Algorithm algorithm) {
        this.settings = settings;
        this.algorithm = algorithm;
    }

    /** Columns that an algorithm with these needs finds: what is collected, and what models of these roles say. */
    static Set<Column<?>> columns(Needs needs) {
        Set<Column<?>> columns =
                new HashSet<>(EnvironmentCollector.columns(needs.rollout().orElseThrow()));
        FILLED.forEach((role, column) -> {
            if (needs.roles().contains(role)) {
                columns.add(column);
            }
        });
        return columns;
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
    public void begin(PhaseContext given) {
        context = given;
        learner = given.learner(settings.optimiser(), settings.optimiserSteps());
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
            Experience scored = context.timed("score", () -> fillColumns(kept, step));
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

    /** Columns that need a model, where the algorithm asked for them. */
    private Experience fillColumns(Experience batch, int step) {
        Set<Column<?>> wanted = algorithm.needs().columns();
        Experience filled = batch;
        if (wanted.contains(Standard.REF_LOGP)) {
            filled = filled.with(Standard.REF_LOGP, refLogp(batch, step));
        }
        if (wanted.contains(Standard.VALUES)) {
            filled = filled.with(Standard.VALUES, score(Role.CRITIC, Head.VALUE, batch));
        }
        if (wanted.contains(Standard.SCORE)) {
            filled = filled.with(Standard.SCORE, atLastStates(score(Role.REWARD, Head.SCORE, batch), batch.layout()));
        }
        return filled;
    }

    private double[] refLogp(Experience batch, int step) {
        double[] refLogp = score(Role.REFERENCE, LOGP, batch);
        if (step == 0 && context.scorer(Role.REFERENCE).view().samePolicy(learner.view())) {
            OnPolicyCheck.require(batch, batch.get(Standard.OLD_LOGP), refLogp, learner.tolerance(), "the reference");
        }
        return refLogp;
    }

    private double[] score(Role role, Output output, Experience batch) {
        return context.scorer(role)
                .score(batch, Set.of(output), context.temperature())
                .get(output);
    }

    static double[] atLastStates(double[] states, Layout layout) {
        double[] last = new double[layout.rows()];
        for (int row = 0; row < last.length; row++) {
            last[row] = states[layout.stateStart(row) + layout.length(row)];
        }
        return last;
    }

    /** Stops when an update finds the policy further from the one that sampled than {@code target-kl}. */
    private void learn(Experience credited, int step, Metrics metrics) {
        Needs needs = algorithm.needs();
        boolean untouched = true;
        int updates = 0;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            var stream = context.streams().open(new StreamKey("mini-batches", step, context.number(), epoch));
            for (Rows rows : MiniBatches.split(credited, settings.miniBatches(), needs.coupling(), stream)) {
                Experience batch = settings.miniBatches() == 1 ? credited : credited.select(rows);
                Learner.Request request =
                        new Learner.Request(needs.outputs(), needs.coupling(), context.temperature(), untouched);
                Metrics update = context.timed("update", () -> learner.update(batch, request, algorithm::objective));
                metrics.addAll(update);
                untouched = false;
                updates++;
                context.publish(new LoopEvent.Updated(
                        context.number(), step, learner.snapshot().version()));
                if (settings.targetKl().isPresent()
                        && update.values().get(RlSettings.APPROX_KL)
                                > settings.targetKl().get()) {
                    metrics.value("updates", updates);
                    return;
                }
            }
        }
        metrics.value("updates", updates);
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
