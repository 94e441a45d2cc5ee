// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import java.util.Optional;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.LossScope;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;
import org.sextant.api.output.Entropy;
import org.sextant.api.output.LogProb;
import org.sextant.api.tape.Term;

/**
 * Tokens whose policy loss is left out. They stay in every denominator and still pay KL.
 *
 * @param offPolicyLimit tokens with a negative advantage are left out where the answer's mean log(π_sampled / π) is above this, since it says little
 *     about the policy as it is now (DeepSeek-V3.2, TRL's {@code off_policy_mask_threshold}); empty: none is
 * @param topEntropyShare only this share of the batch's tokens, those with the highest entropy, have a policy loss (arXiv 2506.01939, TRL's {@code
 *     top_entropy_quantile}); 1: all have
 */
public record PolicyFilter(Optional<Double> offPolicyLimit, double topEntropyShare) {
    /** Leaves nothing out. */
    public static PolicyFilter none() {
        return new PolicyFilter(Optional.empty(), 1);
    }

    /** Reads a block {@code filter { … }}. */
    public static PolicyFilter read(ConfigReader own) {
        return new PolicyFilter(
                own.optionalDecimal("off-policy-limit", Range.any()),
                own.decimal("top-entropy-share", new Range(0, true, 1)));
    }

    /** The quantile is over the tokens of the whole optimiser batch. */
    public Coupling coupling() {
        return topEntropyShare < 1 ? Coupling.BATCH : Coupling.ROW;
    }

    /**
     * The loss with 0 for what is left out; reads {@code sampling_logp} and the advantages if there is an off-policy limit.
     *
     * @param loss by token
     * @param mask tokens that count
     */
    public Term apply(Term loss, LossScope scope, boolean[] mask) {
        if (offPolicyLimit.isEmpty() && topEntropyShare >= 1) {
            return loss;
        }
        boolean[] keep = mask.clone();
        offPolicyLimit.ifPresent(limit -> dropStaleRows(keep, scope, mask, limit));
        if (topEntropyShare < 1) {
            dropLowEntropy(keep, scope, mask);
        }
        return loss.where(keep, scope.tape().constant(Domain.TOKEN, new double[keep.length]));
    }

    /**
     * Of the tokens that count, those that {@code topEntropyShare} leaves. With a share below 1 the scope must be the whole batch, as {@link #coupling} says.
     *
     * @param counted tokens that count
     */
    public Mask mostRandom(LossScope scope, Mask counted) {
        if (topEntropyShare >= 1) {
            return counted;
        }
        boolean[] mask = counted.over(scope.rows());
        boolean[] keep = mask.clone();
        dropLowEntropy(keep, scope, mask);
        return batch -> keep;
    }

    private void dropLowEntropy(boolean[] keep, LossScope scope, boolean[] mask) {
        double[] entropy = scope.output(new Entropy()).values();
        double least = Masked.quantile(entropy, mask, 1 - topEntropyShare);
        for (int t = 0; t < keep.length; t++) {
            keep[t] &= entropy[t] >= least;
        }
    }

    private static void dropStaleRows(boolean[] keep, LossScope scope, boolean[] mask, double limit) {
        Experience rows = scope.rows();
        Layout layout = rows.layout();
        double[] advantages = rows.get(Standard.ADVANTAGES);
        double[] moved = scope.column(Standard.SAMPLING_LOGP)
                .minus(scope.output(new LogProb()).detach())
                .rowMean(mask)
                .values();
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row); t < layout.end(row) && moved[row] > limit; t++) {
                keep[t] &= advantages[t] >= 0;
            }
        }
    }
}
