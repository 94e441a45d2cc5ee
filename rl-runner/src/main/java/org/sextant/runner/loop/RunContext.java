// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.Set;
import java.util.function.Consumer;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Task;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.model.Scorer;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Collector;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.evaluation.AnswerRecord;
import org.sextant.runner.evaluation.Evaluator;
import org.sextant.runner.learning.PolicyLearner;

/** What one phase is given, and what the loop keeps of it for checkpoints. */
final class RunContext implements PhaseContext {
    /** Parts that live as long as the run. */
    record Shared(
            Kernels kernels,
            Tokenizer tokenizer,
            Task task,
            Environment environment,
            Collector collector,
            double temperature,
            Evaluator evaluator,
            EvaluationLog evaluations,
            Consumer<AnswerRecord> answers,
            Streams streams,
            Ledger ledger,
            LoopListener events) {}

    private final Shared shared;
    private final RunModels models;
    private final int phase;
    private final Set<Role> roles;
    private PolicyLearner learner;

    /** @param roles models besides the policy that the phase says it needs */
    RunContext(Shared shared, RunModels models, int phase, Set<Role> roles) {
        this.shared = shared;
        this.models = models;
        this.phase = phase;
        this.roles = Set.copyOf(roles);
    }

    @Override
    public int number() {
        return phase;
    }

    @Override
    public Tokenizer tokenizer() {
        return shared.tokenizer();
    }

    @Override
    public Task task() {
        return shared.task();
    }

    @Override
    public Learner learner(OptimiserSettings settings, int optimiserSteps) {
        if (learner == null) {
            learner = new PolicyLearner(
                    models.policy(),
                    models.policy().optimiser(settings, optimiserSteps),
                    settings.microBatchTokens(),
                    models::snapshot,
                    shared.ledger(),
                    shared.streams(),
                    phase);
        }
        return learner;
    }

    /** The learner of this phase, or null if it asked for none. */
    PolicyLearner learner() {
        return learner;
    }

    /** Gives back what the phase alone held. */
    void close() {
        if (learner != null) {
            learner.optimiser().close();
        }
        models.endPhase();
    }

    @Override
    public Scorer scorer(Role role) {
        if (!roles.contains(role)) {
            throw new IllegalArgumentException("phase " + (phase + 1) + " asks for a model of role '" + role.key()
                    + "', and its needs do not name one; name it in Needs.roles, so that it is planned for");
        }
        return models.scorer(role, phase, shared.ledger());
    }

    @Override
    public Collector collector() {
        return shared.collector();
    }

    @Override
    public double temperature() {
        return shared.temperature();
    }

    @Override
    public Metrics evaluate(String moment, int step) {
        long version = learner == null ? 0 : learner.optimiser().steps();
        Metrics metrics = timed(
                "evaluate",
                () -> shared.evaluator().evaluate(models.snapshot(version), phase, moment, step, shared.answers()));
        shared.evaluations().add(new EvaluationLog.Entry(phase, moment, step, metrics.values()));
        publish(new LoopEvent.Evaluated(phase, step, moment, metrics.values()));
        return metrics;
    }

    @Override
    public Streams streams() {
        return shared.streams();
    }

    @Override
    public Ledger ledger() {
        return shared.ledger();
    }

    @Override
    public void publish(LoopEvent event) {
        shared.events().on(event);
    }
}
