// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import java.util.List;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.KlToReference;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/** Applies {@link Kl} to the columns of a batch. */
public final class KlPart {
    /** Metric {@code kl}. */
    public static final MetricDefinition METRIC = new MetricDefinition(
            "kl",
            "mean estimate of KL(π ‖ π_ref), with the estimator of kl.estimator",
            "nats",
            Reduction.MEAN,
            Domain.TOKEN);

    private KlPart() {}

    /**
     * The part of the loss, if the penalty is there; the metric wherever it is.
     *
     * @param coefficient of this step
     * @param surrogate gives the ratio of {@link Kl#ratioWeighted}
     * @param mask tokens that count
     * @param reduce aggregation of the penalty
     */
    public static List<Part> of(
            Kl kl,
            double coefficient,
            Surrogate surrogate,
            LossScope scope,
            Mask mask,
            Reduce reduce,
            Metrics metrics) {
        boolean[] counted = mask.over(scope.rows());
        Term logp = scope.output(new LogProb());
        Term estimate = kl.estimator() == Kl.Estimator.FULL
                ? scope.output(new KlToReference())
                : kl.estimate(logp, scope.column(Standard.REF_LOGP));
        Term penalty = estimate;
        if (kl.ratioWeighted()) {
            Term ratio = surrogate
                    .logRatio(logp, scope.column(Standard.OLD_LOGP), counted)
                    .exp();
            penalty = estimate.times(ratio.domain() == Domain.ROW ? ratio.toTokens() : ratio);
        }
        metrics.mean(METRIC.name(), penalty.values(), counted);
        return kl.placement() == Kl.Placement.LOSS || kl.estimator() == Kl.Estimator.FULL
                ? List.of(new Part("kl", penalty, mask, reduce, coefficient))
                : List.of();
    }
}
