// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.List;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.state.StateMap;

/** Imitates the task's demonstrations with an algorithm for demonstrations: the warm start, or a control beside RL. */
final class SftPhase implements Phase {
    private final int steps;
    private final int rows;
    private final boolean evaluate;
    private final Algorithm algorithm;
    private final OptimiserSettings settings;
    private PhaseContext context;
    private Learner learner;
    private TaskCursor cursor;

    /**
     * @param rows demonstrations of one optimiser step
     * @param evaluate whether the policy is evaluated before, during and after the phase
     */
    SftPhase(int steps, int rows, boolean evaluate, Algorithm algorithm, OptimiserSettings settings) {
        this.steps = steps;
        this.rows = rows;
        this.evaluate = evaluate;
        this.algorithm = algorithm;
        this.settings = settings;
    }

    @Override
    public String kind() {
        return "sft";
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public Needs needs() {
        return algorithm.needs();
    }

    @Override
    public Explanation explain(Sampling sampling, int maxNewTokens) {
        return algorithm
                .explain(new Circumstances(1, sampling, maxNewTokens))
                .line("models", "policy (trained)")
                .line("updates", "1 optimiser step: once forward and backward through " + rows + " demonstrations");
    }

    @Override
    public void begin(PhaseContext given) {
        context = given;
        learner = given.learner(settings, steps);
        cursor = new TaskCursor(given.task(), given.streams(), given.number());
    }

    @Override
    public Metrics step(int step) {
        Experience batch = Demonstrations.batch(
                cursor.items((long) step * rows, rows),
                context.tokenizer(),
                learner.snapshot().context());
        Metrics metrics = new Metrics();
        Experience kept = batch.select(algorithm.curate(batch));
        Experience credited = kept.with(algorithm.credit(kept, metrics));
        Needs needs = algorithm.needs();
        metrics.addAll(context.timed(
                "update",
                () -> learner.update(
                        credited,
                        new Learner.Request(needs.outputs(), needs.coupling(), 1, false, true),
                        algorithm::objective)));
        return metrics;
    }

    @Override
    public boolean measured() {
        return evaluate;
    }

    @Override
    public void save(StateMap out) {
        algorithm.save(out.nested("algorithm"));
    }

    @Override
    public void load(StateMap in) {
        algorithm.load(in.getNested("algorithm"));
    }

    @Override
    public List<MetricDefinition> metrics() {
        return algorithm.metrics();
    }
}
