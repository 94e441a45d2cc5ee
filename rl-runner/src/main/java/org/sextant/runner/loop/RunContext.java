// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Task;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.model.RoleSettings;
import org.sextant.api.model.Scorer;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseContext;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Collector;
import org.sextant.models.SequenceModel;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.evaluation.AnswerRecord;
import org.sextant.runner.evaluation.Evaluator;
import org.sextant.runner.learning.PolicyLearner;
import org.sextant.runner.learning.TrainedModel;

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
    private final Needs needs;
    private final RoleSettings roles;
    private final int steps;
    private PolicyLearner learner;

    /** Opens what the phase needs. */
    RunContext(Shared shared, RunModels models, int number, Phase phase) {
        this.shared = shared;
        this.models = models;
        this.phase = number;
        this.needs = phase.needs();
        this.roles = phase.roles();
        this.steps = phase.steps();
        models.beginPhase(number, needs, roles);
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
                    trained(settings, optimiserSteps),
                    settings.microBatchTokens(),
                    models::snapshot,
                    shared.ledger(),
                    shared.streams(),
                    phase);
        }
        return learner;
    }

    /** The policy, whose schedule begins when the critic has been trained alone, and a critic of its own. */
    private List<TrainedModel> trained(OptimiserSettings settings, int optimiserSteps) {
        if (needs.trains(Role.CRITIC) && roles.critic().isEmpty()) {
            throw new IllegalArgumentException(
                    "phase " + (phase + 1) + " needs a critic in training, and says nothing of"
                            + " how it is trained; have Phase.roles say it");
        }
        List<TrainedModel> trained = new ArrayList<>();
        Optional<SequenceModel> critic = models.critic();
        int alone = critic.map(model -> roles.critic().orElseThrow().pretrainSteps())
                .orElse(0);
        int policySteps = optimiserSteps - Math.min(alone, steps) * (optimiserSteps / Math.max(1, steps));
        trained.add(new TrainedModel(models.policy(), models.policy().optimiser(settings, policySteps)));
        critic.ifPresent(model -> trained.add(new TrainedModel(
                model, model.optimiser(roles.critic().orElseThrow().optimiser(), optimiserSteps))));
        return trained;
    }

    /** The learner of this phase, or null if it asked for none. */
    PolicyLearner learner() {
        return learner;
    }

    /** What the loop does after a step of the phase, counted from 0. */
    void afterStep(int step) {
        models.afterStep(step);
    }

    /** Bytes held now, by role. */
    SortedMap<String, Long> bytesByRole() {
        SortedMap<String, Long> bytes = models.bytesByRole();
        if (learner != null) {
            bytes.putAll(learner.bytesByRole());
        }
        return bytes;
    }

    /** Gives back what the phase alone held. */
    void close() {
        if (learner != null) {
            learner.close();
        }
        models.endPhase();
    }

    @Override
    public Scorer scorer(Role role) {
        if (!needs.roles().contains(role)) {
            throw new IllegalArgumentException("phase " + (phase + 1) + " asks for a model of role '" + role.key()
                    + "', and its needs do not name one; name it in Needs.roles, so that it is planned for");
        }
        if (role == Role.POLICY || role == Role.TEACHER) {
            throw new IllegalArgumentException(
                    "what a phase starts from is no '" + role.key() + "' for it; it can be: reference, critic, reward");
        }
        return models.scorer(role, needs, roles, shared.ledger());
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
        long version = learner == null ? 0 : learner.policySteps();
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
