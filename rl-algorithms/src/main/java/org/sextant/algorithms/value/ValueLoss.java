// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.value;

import java.util.Optional;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.algorithm.Part;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.output.Head;
import org.sextant.api.tape.Term;

/**
 * The squared error of a critic's values V(s_t), of the states in which tokens were chosen, against returns R_t:
 *
 * <pre>
 * L = ½ (V − R)²                                                       plain
 * L = ½ max((V − R)², (clip(V, V_old − c, V_old + c) − R)²)            clipped
 * </pre>
 *
 * The clipped form is that of OpenAI's baselines (ppo2; "The 37 implementation details of PPO", 9), TRL and verl.
 *
 * @param coefficient factor in the loss, above 0
 * @param clip c; empty: plain
 * @param aggregation how token losses become one number
 */
public record ValueLoss(double coefficient, Optional<Double> clip, Over aggregation) {
    /** How token losses become one number. */
    public enum Over {
        /** Mean over tokens. */
        TOKEN_MEAN,
        /** As the policy loss. */
        SAME
    }

    /** Mean squared error over tokens, with the factor 1. */
    public static final ValueLoss PLAIN = new ValueLoss(1, Optional.empty(), Over.TOKEN_MEAN);

    /** Share of tokens at which the limited value counts. */
    public static final MetricDefinition CLIP_FRACTION = new MetricDefinition(
            "critic/vf_clipfrac",
            "share of tokens whose value loss is that of the value limited by value.clip",
            "share",
            Reduction.MEAN,
            Domain.TOKEN);

    /** Reads a block {@code value { … }}. */
    public static ValueLoss read(ConfigReader own) {
        return new ValueLoss(
                own.decimal("coefficient", Range.positive()),
                own.optionalDecimal("clip", Range.positive()),
                own.oneOf("aggregation", Over.class));
    }

    /**
     * The part of the loss; reads {@code values} and {@code returns}.
     *
     * @param mask tokens that count
     * @param same aggregation of the policy loss
     */
    public Part part(LossScope scope, Mask mask, Reduce same, Metrics metrics) {
        int[] states = scope.rows().layout().stateOfToken();
        Term values = scope.output(Head.VALUE).gather(states, Domain.TOKEN);
        Term old = scope.column(Standard.VALUES).gather(states, Domain.TOKEN);
        Term returns = scope.column(Standard.RETURNS);
        boolean[] counted = mask.over(scope.rows());
        metrics.mean(CLIP_FRACTION.name(), clipped(values, old, returns), counted);
        Reduce reduce = aggregation == Over.SAME ? same : Reduce.tokenMean();
        return new Part("value", loss(values, old, returns), mask, reduce, coefficient);
    }

    /**
     * The loss of each value; all terms on the same domain.
     *
     * @param old values before the update
     */
    public Term loss(Term values, Term old, Term returns) {
        Term plain = values.minus(returns).square();
        return clip.map(c -> plain.max(limited(values, old, c).minus(returns).square()))
                .orElse(plain)
                .times(0.5);
    }

    /** Values inside the limits stay exactly as they are, so that rounding is not taken for clipping. */
    private static Term limited(Term values, Term old, double c) {
        boolean[] inside = new boolean[values.values().length];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = Math.abs(values.values()[i] - old.values()[i]) <= c;
        }
        return values.where(inside, values.minus(old).clip(-c, c).plus(old));
    }

    /** 1 where the limited value has the larger error, else 0. */
    private double[] clipped(Term values, Term old, Term returns) {
        double[] flags = new double[values.values().length];
        if (clip.isPresent()) {
            double[] limited = limited(values, old, clip.get()).values();
            for (int i = 0; i < flags.length; i++) {
                double target = returns.values()[i];
                flags[i] = Math.abs(limited[i] - target) > Math.abs(values.values()[i] - target) ? 1 : 0;
            }
        }
        return flags;
    }
}
