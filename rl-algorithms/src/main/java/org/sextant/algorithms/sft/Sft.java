// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.sft;

import java.util.List;
import java.util.Set;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.Circumstances;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.Objective;
import org.sextant.api.algorithm.Part;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/**
 * Supervised fine-tuning on demonstrations: {@code L = −mean log π(y_t | x, y_<t)} over the tokens of the answer. Prompt and observation tokens are
 * context only: they are outside {@code response_mask} and so outside the loss and its denominator.
 */
public final class Sft implements Algorithm {
    private final Aggregation aggregation;

    /** @param aggregation how token losses become one number */
    public Sft(Aggregation aggregation) {
        this.aggregation = aggregation;
    }

    @Override
    public Needs needs() {
        return Needs.offline(DataKind.DEMONSTRATIONS, Set.of(new LogProb(), new Entropy()));
    }

    @Override
    public Columns credit(Experience batch, Metrics metrics) {
        return Columns.none();
    }

    @Override
    public Objective objective(LossScope scope) {
        boolean[] answer = scope.rows().get(Standard.RESPONSE_MASK);
        Term nll = scope.output(new LogProb()).negate();
        Metrics metrics = new Metrics();
        metrics.mean("nll", nll.values(), answer);
        metrics.mean(EntropyBonus.METRIC.name(), scope.output(new Entropy()).values(), answer);
        return new Objective(List.of(new Part("nll", nll, Mask.response(), aggregation.reduce(), 1)), metrics);
    }

    @Override
    public Explanation explain(Circumstances where) {
        return new Explanation()
                .line("loss", "l = −log π of each token of a demonstration's answer")
                .line("aggregation", aggregation.formula());
    }

    @Override
    public List<MetricDefinition> metrics() {
        return List.of(
                new MetricDefinition("nll", "mean −log π of an answer token", "nats", Reduction.MEAN, Domain.TOKEN),
                EntropyBonus.METRIC);
    }
}
