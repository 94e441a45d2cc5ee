// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.entropy;

import java.util.List;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Domain;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Entropy;
import org.sextant.api.tape.Term;

/**
 * {@code −coefficient · H} in the loss, where H is the mean entropy of the predictions.
 *
 * @param coefficient above 0 keeps the policy random; 0: no such part
 * @param aggregation how token entropies become one number
 */
public record EntropyBonus(double coefficient, Over aggregation) {
    /** How token entropies become one number. */
    public enum Over {
        /** As the policy loss (verl). */
        SAME,
        /** Mean over tokens (TRL). */
        TOKEN_MEAN,
        /** Mean over the tokens that {@code filter.top-entropy-share} leaves (TRL, where it has both). */
        TOP_ENTROPY_MEAN
    }

    /** Metric {@code entropy}. */
    public static final MetricDefinition METRIC =
            new MetricDefinition("entropy", "mean entropy of a prediction", "nats", Reduction.MEAN, Domain.TOKEN);

    /** Reads a block {@code entropy-bonus { … }}. */
    public static EntropyBonus read(ConfigReader own) {
        return new EntropyBonus(own.decimal("coefficient", Range.any()), own.oneOf("aggregation", Over.class));
    }

    /**
     * The part of the loss, if there is one; the metric in any case.
     *
     * @param mask tokens that count
     * @param top those of them that a filter by entropy leaves
     * @param same aggregation of the policy loss
     */
    public List<Part> parts(LossScope scope, Mask mask, Mask top, Reduce same, Metrics metrics) {
        Term entropy = scope.output(new Entropy());
        metrics.mean(METRIC.name(), entropy.values(), mask.over(scope.rows()));
        Reduce reduce = aggregation == Over.SAME ? same : Reduce.tokenMean();
        Mask over = aggregation == Over.TOP_ENTROPY_MEAN ? top : mask;
        return coefficient == 0 ? List.of() : List.of(new Part("entropy", entropy, over, reduce, -coefficient));
    }
}
