// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.tape.Term;

/**
 * SAPO's soft trust region (arXiv 2511.20347; verl, TRL): the loss {@code −(4/τ) σ(τ (ρ − 1)) A} has the gradient of PPO's at ρ = 1, which falls off smoothly on both
 * sides instead of being cut off.
 *
 * @param positive τ where A &gt; 0
 * @param negative τ elsewhere; the larger, the sooner a token loses its gradient
 */
public record SoftGate(double positive, double negative) {
    /** The paper's temperatures. */
    public static final SoftGate PUBLISHED = new SoftGate(1, 1.05);

    static SoftGate read(ConfigReader own) {
        return new SoftGate(
                own.decimal("temperature-positive", Range.positive()),
                own.decimal("temperature-negative", Range.positive()));
    }

    /** The loss for given ratios; both terms on the same domain. */
    Term loss(Term ratio, Term advantages) {
        boolean[] rewarded = new boolean[advantages.values().length];
        for (int i = 0; i < rewarded.length; i++) {
            rewarded[i] = advantages.values()[i] > 0;
        }
        Term gate = gate(ratio, positive).where(rewarded, gate(ratio, negative));
        return gate.times(advantages).negate();
    }

    private static Term gate(Term ratio, double temperature) {
        return ratio.minus(1).times(temperature).sigmoid().times(4 / temperature);
    }
}
