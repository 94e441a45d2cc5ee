// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Learner;
import org.sextant.api.model.ModelView;
import org.sextant.api.model.PolicySnapshot;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.random.Streams;

/**
 * Trains the policy, and a critic with it if there is one: for each slice of an optimiser batch forward, objective, backward; then one optimiser step each.
 * Denominators come from the whole batch, so how the batch is cut changes the result by rounding only.
 */
public final class PolicyLearner implements Learner, AutoCloseable {
    /** Metrics of every update. */
    public static final List<MetricDefinition> DEFINITIONS = List.of(
            scalar("loss", "value of the objective, all parts with their coefficients"),
            scalar("loss/<part>", "value of one part before its coefficient"),
            scalar("grad_norm", "global norm of the policy's gradient before clipping"),
            scalar("learning_rate", "learning rate of the policy's optimiser step"),
            scalar("critic/grad_norm", "global norm of the gradient of a critic of its own before clipping"),
            scalar("critic/learning_rate", "learning rate of the optimiser step of a critic of its own"));

    private final TrainedModels models;
    private final int microBatchTokens;
    private final LongFunction<PolicySnapshot> snapshots;

    /**
     * @param trained the policy, then what is trained with it; the optimisers are owned from now on
     * @param phase in which they learn: each draws its own dropout
     */
    public PolicyLearner(
            List<TrainedModel> trained,
            int microBatchTokens,
            LongFunction<PolicySnapshot> snapshots,
            Ledger ledger,
            Streams streams,
            int phase) {
        this.models = new TrainedModels(trained, ledger, streams, phase);
        this.microBatchTokens = microBatchTokens;
        this.snapshots = snapshots;
    }

    private static MetricDefinition scalar(String name, String definition) {
        return new MetricDefinition(name, definition, "1", Reduction.MEAN, Domain.SCALAR);
    }

    /** Optimiser steps that the policy has taken. */
    public long policySteps() {
        return models.policy().optimiser().steps();
    }

    /** Writes what the optimisers remember. */
    public void save(Path folder) {
        models.save(folder);
    }

    /** Reads back what {@link #save} wrote. */
    public void load(Path folder) {
        models.load(folder);
    }

    /** Bytes that the optimisers hold. */
    public SortedMap<String, Long> bytesByRole() {
        return models.bytesByRole();
    }

    /** Gives the optimisers back, before the models are closed. */
    @Override
    public void close() {
        models.closeOptimisers();
    }

    @Override
    public double tolerance() {
        return models.policy().model().tolerance();
    }

    @Override
    public ModelView view() {
        return models.policy().model().view();
    }

    @Override
    public Map<Output, double[]> score(Experience batch, Set<Output> outputs, double temperature) {
        return models.score(batch, outputs, temperature);
    }

    @Override
    public PolicySnapshot snapshot() {
        return snapshots.apply(policySteps());
    }

    @Override
    public Metrics update(Experience batch, Request request, Function<LossScope, Objective> objective) {
        Metrics metrics = new Metrics();
        List<Rows> slices = Slices.cut(batch, microBatchTokens, request.coupling());
        double loss = request.coupling() == Coupling.BATCH && slices.size() > 1
                ? accumulateCoupled(batch, slices, request, objective, metrics)
                : accumulate(batch, slices, request, objective, metrics);
        metrics.value("loss", loss);
        models.step(request.resting(), metrics);
        return metrics;
    }

    /** Each slice by itself, with denominators of the whole batch. */
    private double accumulate(
            Experience batch,
            List<Rows> slices,
            Request request,
            Function<LossScope, Objective> objective,
            Metrics metrics) {
        double loss = 0;
        Map<String, Double> parts = new LinkedHashMap<>();
        for (int i = 0; i < slices.size(); i++) {
            Experience slice = slices.size() == 1 ? batch : batch.select(slices.get(i));
            JointPass forward = forward(slice, i, request);
            LossScope scope = new LossScope(slice, batch, forward.values());
            Objective written = objective.apply(scope);
            Evaluation evaluation = Evaluation.of(scope, written);
            forward.backward(evaluation.gradients());
            loss += evaluation.loss();
            evaluation.parts().forEach((name, value) -> parts.merge(name, value, Double::sum));
            metrics.addAll(written.metrics());
        }
        parts.forEach((name, value) -> metrics.value("loss/" + name, value));
        return loss;
    }

    /** All slices are scored, the loss runs once over the batch, then each slice goes forward again and backward. */
    private double accumulateCoupled(
            Experience batch,
            List<Rows> slices,
            Request request,
            Function<LossScope, Objective> objective,
            Metrics metrics) {
        Map<Output, double[]> outputs = new LinkedHashMap<>();
        List<Experience> cut = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            Rows rows = slices.get(i);
            Experience slice = batch.select(rows);
            cut.add(slice);
            JointPass forward = forward(slice, i, request);
            for (Output output : request.outputs()) {
                double[] whole = outputs.computeIfAbsent(
                        output, o -> new double[batch.layout().size(o.domain())]);
                RowTransfer.scatter(
                        output.domain(), rows, slice.layout(), forward.values().get(output), batch.layout(), whole);
            }
        }
        LossScope scope = new LossScope(batch, batch, outputs);
        Objective written = objective.apply(scope);
        Evaluation evaluation = Evaluation.of(scope, written);
        for (int i = 0; i < cut.size(); i++) {
            Experience slice = cut.get(i);
            Rows rows = slices.get(i);
            Map<Output, double[]> gradients = new LinkedHashMap<>();
            evaluation
                    .gradients()
                    .forEach((output, whole) -> gradients.put(
                            output, RowTransfer.gather(output.domain(), rows, slice.layout(), whole, batch.layout())));
            forward(slice, i, request).backward(gradients);
        }
        evaluation.parts().forEach((name, value) -> metrics.value("loss/" + name, value));
        metrics.addAll(written.metrics());
        return evaluation.loss();
    }

    private JointPass forward(Experience slice, int number, Request request) {
        JointPass forward = models.forward(slice, number, request);
        Output logp = new LogProb();
        if (request.onPolicy() && request.outputs().contains(logp)) {
            OnPolicyCheck.require(
                    slice, forward.values().get(logp), slice.get(Standard.OLD_LOGP), tolerance(), "sampling");
        }
        return forward;
    }
}
