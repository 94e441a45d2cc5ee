// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.Evaluation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Masked;
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
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.ForwardPass;
import org.sextant.models.SequenceModel;
import org.sextant.models.optimiser.Optimiser;

/**
 * Trains a model: for each slice of an optimiser batch forward, objective, backward; then one optimiser step. Denominators come from the
 * whole batch, so how the batch is cut changes the result by rounding only.
 */
public final class PolicyLearner implements Learner {
    /** Metrics of every update. */
    public static final List<MetricDefinition> DEFINITIONS = List.of(
            scalar("loss", "value of the objective, all parts with their coefficients"),
            scalar("loss/<part>", "value of one part before its coefficient"),
            scalar("grad_norm", "global norm of the gradient before clipping"),
            scalar("learning_rate", "learning rate of the optimiser step"));

    private final SequenceModel model;
    private final Optimiser optimiser;
    private final int microBatchTokens;
    private final LongFunction<PolicySnapshot> snapshots;
    private final Ledger ledger;
    private final Streams streams;
    private final int phase;

    /** @param phase in which it learns: each draws its own dropout */
    public PolicyLearner(
            SequenceModel model,
            Optimiser optimiser,
            int microBatchTokens,
            LongFunction<PolicySnapshot> snapshots,
            Ledger ledger,
            Streams streams,
            int phase) {
        this.model = model;
        this.optimiser = optimiser;
        this.microBatchTokens = microBatchTokens;
        this.snapshots = snapshots;
        this.ledger = ledger;
        this.streams = streams;
        this.phase = phase;
    }

    private static MetricDefinition scalar(String name, String definition) {
        return new MetricDefinition(name, definition, "1", Reduction.MEAN, Domain.SCALAR);
    }

    public Optimiser optimiser() {
        return optimiser;
    }

    @Override
    public double tolerance() {
        return model.tolerance();
    }

    @Override
    public ModelView view() {
        return model.view();
    }

    @Override
    public Map<Output, double[]> score(Experience batch, Set<Output> outputs, double temperature) {
        ledger.add("forward/" + model.role().key(), batch.layout().tokens());
        return model.score(batch, outputs, temperature);
    }

    @Override
    public PolicySnapshot snapshot() {
        return snapshots.apply(optimiser.steps());
    }

    @Override
    public Metrics update(Experience batch, Request request, Function<LossScope, Objective> objective) {
        Metrics metrics = new Metrics();
        List<Rows> slices = Slices.cut(batch, microBatchTokens, request.coupling());
        double loss = request.coupling() == Coupling.BATCH && slices.size() > 1
                ? accumulateCoupled(batch, slices, request, objective, metrics)
                : accumulate(batch, slices, request, objective, metrics);
        Optimiser.Step report = optimiser.step();
        metrics.value("loss", loss);
        metrics.value("grad_norm", report.gradientNorm());
        metrics.value("learning_rate", report.learningRate());
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
            ForwardPass forward = forward(slice, i, request);
            LossScope scope = new LossScope(slice, batch, values(forward, request.outputs()));
            Objective written = objective.apply(scope);
            Evaluation evaluation = Evaluation.of(scope, written);
            backward(forward, slice, evaluation.gradients());
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
            ForwardPass forward = forward(slice, i, request);
            for (Output output : request.outputs()) {
                double[] whole = outputs.computeIfAbsent(
                        output, o -> new double[batch.layout().size(o.domain())]);
                RowTransfer.scatter(output.domain(), rows, slice.layout(), forward.get(output), batch.layout(), whole);
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
            backward(forward(slice, i, request), slice, gradients);
        }
        evaluation.parts().forEach((name, value) -> metrics.value("loss/" + name, value));
        metrics.addAll(written.metrics());
        return evaluation.loss();
    }

    private ForwardPass forward(Experience slice, int number, Request request) {
        StreamKey dropout = new StreamKey("dropout", optimiser.steps(), number, phase);
        ForwardPass forward = request.dropout()
                ? model.forward(
                        slice,
                        request.outputs(),
                        request.temperature(),
                        streams.open(dropout).nextLong())
                : model.forward(slice, request.outputs(), request.temperature());
        ledger.add("forward/" + model.role().key(), slice.layout().tokens());
        if (request.onPolicy()) {
            Output logp = new LogProb();
            if (request.outputs().contains(logp)) {
                OnPolicyCheck.require(slice, forward.get(logp), slice.get(Standard.OLD_LOGP), tolerance(), "sampling");
            }
        }
        return forward;
    }

    private void backward(ForwardPass forward, Experience slice, Map<Output, double[]> gradients) {
        boolean anything =
                gradients.values().stream().anyMatch(g -> Masked.max(g, null) != 0 || Masked.min(g, null) != 0);
        if (anything) {
            forward.backward(gradients);
            ledger.add("backward/" + model.role().key(), slice.layout().tokens());
        }
    }

    private static Map<Output, double[]> values(ForwardPass forward, Set<Output> outputs) {
        Map<Output, double[]> values = new LinkedHashMap<>();
        for (Output output : outputs) {
            values.put(output, forward.get(output));
        }
        return values;
    }
}
