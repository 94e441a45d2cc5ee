// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import org.sextant.api.algorithm.LossScope;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.tape.Term;

/**
 * Importance weights of answers that another distribution sampled than the one whose log-probabilities are {@code old_logp}: a filtered or quantised sampler, an older
 * policy. With {@code w = π_old / π_sampled}, of a token or of a whole answer, the policy loss of a token is multiplied by
 *
 * <pre>
 * truncate   min(max(w, low), high)             TIS (Yao et al. 2025, "Your efficient RL framework secretly brings you off-policy RL training")
 * mask       w where low ≤ w ≤ high, else 0     IcePop; with answers: TRL's sequence_mask
 * </pre>
 *
 * without a gradient of its own.
 *
 * @param kind off, truncate or mask
 * @param level what w is taken over
 * @param low least weight, at least 0
 * @param high largest weight, above {@code low}
 */
public record OffPolicyCorrection(Kind kind, Level level, double low, double high) {
    /** What is done with weights outside the limits. */
    public enum Kind {
        OFF,
        TRUNCATE,
        MASK
    }

    /** What a weight is taken over. */
    public enum Level {
        TOKEN,
        /** The product over the tokens of the answer. */
        SEQUENCE
    }

    /** Metric: mean weight. */
    public static final MetricDefinition METRIC = new MetricDefinition(
            "sampling/importance_sampling_ratio/mean",
            "mean weight of a token's policy loss, correction.kind applied",
            "1",
            Reduction.MEAN,
            Domain.TOKEN);

    /** No weights. */
    public static OffPolicyCorrection off() {
        return new OffPolicyCorrection(Kind.OFF, Level.TOKEN, 0, Double.POSITIVE_INFINITY);
    }

    /** Reads a block {@code correction { … }}. */
    public static OffPolicyCorrection read(ConfigReader own) {
        OffPolicyCorrection read = new OffPolicyCorrection(
                own.oneOf("kind", Kind.class),
                own.oneOf("level", Level.class),
                own.decimal("low", Range.atLeast(0)),
                own.decimal("high", Range.positive()));
        if (read.low > read.high) {
            own.problem("low", "is above high, " + read.high + "; no weight would be left");
        }
        return read;
    }

    /**
     * The loss with its weights; reads {@code old_logp} and {@code sampling_logp}.
     *
     * @param loss by token; by row only if weights are of answers
     */
    public Term apply(Term loss, LossScope scope, boolean[] mask, Metrics metrics) {
        if (kind == Kind.OFF) {
            return loss;
        }
        double[] weights = weights(scope.rows(), mask);
        metrics.mean(METRIC.name(), weights, mask);
        double[] fitting =
                loss.domain() == Domain.ROW ? ofRows(weights, scope.rows().layout()) : weights;
        return loss.times(scope.tape().constant(loss.domain(), fitting));
    }

    /** The weight that the tokens of each row share. */
    private static double[] ofRows(double[] weights, Layout layout) {
        double[] rows = new double[layout.rows()];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = layout.length(row) == 0 ? 1 : weights[layout.start(row)];
        }
        return rows;
    }

    /** The weight of each token of the batch. */
    double[] weights(Experience batch, boolean[] mask) {
        Layout layout = batch.layout();
        double[] old = batch.get(Standard.OLD_LOGP);
        double[] sampled = batch.get(Standard.SAMPLING_LOGP);
        double[] weights = new double[mask.length];
        for (int row = 0; row < layout.rows(); row++) {
            double answer = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                answer += mask[t] ? old[t] - sampled[t] : 0;
            }
            for (int t = layout.start(row); t < layout.end(row); t++) {
                weights[t] = limited(Math.exp(level == Level.SEQUENCE ? answer : old[t] - sampled[t]));
            }
        }
        return weights;
    }

    private double limited(double weight) {
        return switch (kind) {
            case OFF -> 1;
            case TRUNCATE -> Math.clamp(weight, low, high);
            case MASK -> weight < low || weight > high ? 0 : weight;
        };
    }
}
