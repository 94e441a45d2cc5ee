// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;

/**
 * A number made from the logits of one prediction, with its gradient: the open part of the set of outputs. It is
 * evaluated one row of logits at a time, so the token × vocabulary matrix is never held. The reductions that come with
 * Sextant ({@link LogProb}, {@link Entropy}, {@link SumPiSquared}) have fused kernels as well, which are tested against
 * what is written here.
 */
public non-sealed interface VocabularyReduction extends Output {
    @Override
    default Domain domain() {
        return Domain.TOKEN;
    }

    /**
     * The reduction to evaluate on a batch: {@link LogitsRow#position()} then indexes the TOKEN columns of this batch.
     * A reduction that looks nothing up is its own; one that needs data beside the logits (a teacher's distribution)
     * returns itself with the batch's column in hand. The numbers still belong to the reduction that was asked for.
     */
    default VocabularyReduction over(Experience batch) {
        return this;
    }

    /** The number for this prediction. */
    double forward(LogitsRow row);

    /** Adds {@code upstream · ∂number/∂scaledLogits} to {@code gradient}. */
    void backward(LogitsRow row, double upstream, double[] gradient);
}
