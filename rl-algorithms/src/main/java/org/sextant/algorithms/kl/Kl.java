// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import java.util.Optional;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Layout;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;

/**
 * KL(π ‖ π_ref) at each token, exactly or as an estimate from the one token that was sampled. With {@code d = log π − log π_ref}:
 *
 * <pre>
 * k1   d                  unbiased, may be negative
 * abs  |d|
 * k2   d²/2               biased value, but its gradient is the unbiased gradient of the KL
 * k3   exp(−d) + d − 1    unbiased, never negative (Schulman 2020); what GRPO puts in its loss
 * full Σ_v π_v d_v        the KL of the prediction itself, with its gradient; holds the reference's distribution of every token
 * </pre>
 *
 * The gradient of k1 in a loss is that of log π, whose expectation is 0, and the gradient of k3 is not that of the KL either; {@code
 * straightThrough} keeps the value and takes the gradient of k2 (verl's names with a "+").
 *
 * <p>The exact KL of a state does not depend on the token that is chosen there, so as a reward it could teach the policy to avoid states, never to agree with the reference
 * in them. In the reward it is therefore a part of the loss as well, and both together are the gradient of the KL of whole answers (arXiv 2504.10637).
 *
 * @param coefficient factor; 0 means that there is no KL anywhere and no reference model
 * @param placement where the penalty goes
 * @param estimator which estimate
 * @param straightThrough gradient of k2 instead of the estimator's own; only the loss has a gradient
 * @param differenceClamp k3 alone: −d is limited to ± this before the exponential (verl: 20); empty: not limited
 * @param valueClamp k3 alone: the estimate is limited to ± this (verl: 10); empty: not limited
 * @param ratioWeighted in the loss, multiply by the ratio π / π_old (TRL's {@code use_bias_correction_kl}, slime's unbiased KL)
 */
public record Kl(
        double coefficient,
        Placement placement,
        Estimator estimator,
        boolean straightThrough,
        Optional<Double> differenceClamp,
        Optional<Double> valueClamp,
        boolean ratioWeighted) {
    /** Where the penalty goes. */
    public enum Placement {
        /** A part of the loss, with a gradient. */
        LOSS,
        /** Taken off the reward before the baseline; uses the policy that sampled, and has no gradient of its own. */
        REWARD,
        /** The same after the baseline (OpenRLHF, ReMax), which is then one of the task's rewards alone. */
        REWARD_AFTER_BASELINE
    }

    /** Which estimate. */
    public enum Estimator {
        K1,
        ABS,
        K2,
        K3,
        FULL
    }

    /** An estimator on its own: no clamps, its own gradient, in the loss. */
    public static Kl of(double coefficient, Placement placement, Estimator estimator) {
        return new Kl(coefficient, placement, estimator, false, Optional.empty(), Optional.empty(), false);
    }

    /** Reads a block {@code kl { … }}. */
    public static Kl read(ConfigReader own) {
        Kl kl = new Kl(
                own.decimal("coefficient", Range.atLeast(0)),
                own.oneOf("placement", Placement.class),
                own.oneOf("estimator", Estimator.class),
                own.bool("straight-through"),
                own.optionalDecimal("difference-clamp", Range.positive()),
                own.optionalDecimal("value-clamp", Range.positive()),
                own.bool("ratio-weighted"));
        if (kl.placement != Placement.LOSS && (kl.straightThrough || kl.ratioWeighted)) {
            own.problem(
                    "placement",
                    "the reward has no gradient; straight-through and ratio-weighted need placement = loss");
        }
        if (kl.estimator == Estimator.FULL && (kl.straightThrough || kl.ratioWeighted)) {
            own.problem(
                    "estimator",
                    "full does not depend on the sampled token and has the exact gradient; straight-through and"
                            + " ratio-weighted belong to the other estimators");
        }
        if (kl.estimator != Estimator.K3 && (kl.differenceClamp.isPresent() || kl.valueClamp.isPresent())) {
            own.problem(
                    "estimator", "difference-clamp and value-clamp belong to k3; remove them or set estimator = k3");
        }
        return kl;
    }

    /** The estimate for each token, as a term of the loss; both terms on the same domain. */
    public Term estimate(Term logp, Term refLogp) {
        Term d = logp.minus(refLogp);
        Term k2 = d.square().times(0.5);
        Term value = switch (estimator) {
            case K1 -> d;
            case ABS -> d.max(d.negate());
            case K2 -> k2;
            case K3 -> k3(d);
            case FULL -> throw new IllegalStateException("the full KL is not a function of the sampled token");
        };
        return straightThrough ? value.detach().plus(k2.minus(k2.detach())) : value;
    }

    private Term k3(Term d) {
        Term negative = d.negate();
        Term limited = differenceClamp.map(c -> negative.clip(-c, c)).orElse(negative);
        Term k3 = limited.exp().minus(limited).minus(1);
        return valueClamp.map(c -> k3.clip(-c, c)).orElse(k3);
    }

    /** The estimate for each token, as numbers. */
    public double[] estimate(double[] logp, double[] refLogp) {
        Tape tape = new Tape(Layout.ofLengths());
        return estimate(tape.constant(Domain.VECTOR, logp), tape.constant(Domain.VECTOR, refLogp))
                .values();
    }
}
