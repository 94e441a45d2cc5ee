// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.metrics.MetricRegistry;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.phase.Phase;
import org.sextant.api.random.StreamKey;

/**
 * Runs the phases of a configuration in order. Between two steps nothing is in flight, so that is where checkpoints are saved, evaluations
 * happen and a request to stop is heard; what a step does is a function of the seed, the step and the saved state.
 */
public final class TrainingRun implements AutoCloseable {
    private final List<Phase> phases;
    private final Map<Integer, Path> starts;
    private final RunContext.Shared shared;
    private final RunModels models;
    private final MetricRegistry registry;
    private final RunState state;
    private final Cadence cadence;
    private final StopRequest stop;
    private final LongFunction<Map<String, Object>> summary;
    private final MemoryMetrics memory = new MemoryMetrics();

    /**
     * @param starts saved models that phases start from, by position
     * @param summary of a run of so many steps
     */
    TrainingRun(
            List<Phase> phases,
            Map<Integer, Path> starts,
            RunContext.Shared shared,
            RunModels models,
            MetricRegistry registry,
            RunState state,
            Cadence cadence,
            StopRequest stop,
            LongFunction<Map<String, Object>> summary) {
        this.phases = phases;
        this.starts = starts;
        this.shared = shared;
        this.models = models;
        this.registry = registry;
        this.state = state;
        this.cadence = cadence;
        this.stop = stop;
        this.summary = summary;
    }

    /**
     * How often the loop does more than step.
     *
     * @param checkpointEvery steps of the whole run between checkpoints; 0 only at the end of phases
     * @param evaluateEvery steps of a measured phase between evaluations; 0 only before and after
     */
    record Cadence(int checkpointEvery, int evaluateEvery) {
        boolean checkpointAfter(long totalSteps) {
            return checkpointEvery > 0 && totalSteps % checkpointEvery == 0;
        }

        boolean evaluateAfter(int steps, int of) {
            return evaluateEvery > 0 && steps % evaluateEvery == 0 && steps < of;
        }
    }

    /** From where the run stands to its end, or to the step at which a stop was asked for. */
    public Ending run() throws IOException {
        Position position = state.restore(models);
        while (position.phase() < phases.size()) {
            position = runPhase(position);
            if (stop.requested() && position.phase() < phases.size()) {
                return new Ending.Stopped(position.total());
            }
        }
        return new Ending.Finished(position.total(), summary.apply(position.total()));
    }

    /** SHA-256 of the policy's weights as they are now. */
    public String weightsHash() {
        return models.policy().contentHash();
    }

    /** Gives the models' memory back. */
    @Override
    public void close() {
        models.close();
    }

    private Position runPhase(Position from) throws IOException {
        Phase phase = phases.get(from.phase());
        if (from.step() == 0 && starts.containsKey(from.phase())) {
            models.startFrom(
                    starts.get(from.phase()),
                    from.phase(),
                    shared.streams().open(new StreamKey("init", from.phase(), 0, 0)));
        }
        RunContext context = new RunContext(shared, models, from.phase(), phase);
        shared.events().on(new LoopEvent.PhaseStarted(from.phase(), phase.kind(), phase.steps(), from.step()));
        try {
            return runSteps(from, phase, context);
        } finally {
            context.close();
        }
    }

    private Position runSteps(Position from, Phase phase, RunContext context) throws IOException {
        phase.begin(context);
        state.restorePhase(from, phase, context);
        Position position = from;
        while (position.step() < phase.steps()) {
            step(phase, context, position);
            position = position.afterStep();
            boolean stopping = stop.requested();
            if (stopping || cadence.checkpointAfter(position.total())) {
                state.save(position, phase, context, models);
            }
            if (stopping) {
                return position;
            }
        }
        return endPhase(phase, context, position);
    }

    private void step(Phase phase, RunContext context, Position position) {
        int step = position.step();
        shared.events().on(new LoopEvent.StepStarted(position.phase(), step));
        if (phase.measured() && step == 0) {
            context.evaluate("before", 0);
        }
        StepMetrics clock = StepMetrics.start(shared.ledger());
        Metrics metrics = phase.step(step);
        context.afterStep(step);
        clock.finish(shared.ledger(), metrics);
        memory.observe(context.bytesByRole(), shared.kernels().memory(), metrics);
        registry.check(metrics);
        shared.events()
                .on(new LoopEvent.StepFinished(position.phase(), phase.kind(), step, phase.steps(), metrics.values()));
        if (phase.measured() && cadence.evaluateAfter(step + 1, phase.steps())) {
            context.evaluate("step-" + (step + 1), step + 1);
        }
    }

    private Position endPhase(Phase phase, RunContext context, Position position) throws IOException {
        if (phase.measured()) {
            context.evaluate("after", phase.steps());
        }
        phase.end();
        Position next = position.nextPhase();
        models.saveStartOf(next.phase());
        models.saveCritic(next.phase());
        state.save(next, null, null, models);
        shared.events().on(new LoopEvent.PhaseFinished(position.phase(), phase.kind()));
        return next;
    }
}
