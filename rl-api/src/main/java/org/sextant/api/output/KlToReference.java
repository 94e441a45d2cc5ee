// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;

/**
 * KL(π ‖ π_ref) = Σ_v π_v (log π_v − log π_ref,v) of a prediction, over the whole vocabulary, in nats; reads {@link Standard#REF_DISTRIBUTION}. 0, and
 * without a gradient, where that column is null.
 */
public record KlToReference() implements VocabularyReduction {
    @Override
    public String name() {
        return "kl_to_reference";
    }

    @Override
    public VocabularyReduction over(Experience batch) {
        return new Bound(batch.get(Standard.REF_DISTRIBUTION));
    }

    @Override
    public double forward(LogitsRow row) {
        throw unbound();
    }

    @Override
    public void backward(LogitsRow row, double upstream, double[] gradient) {
        throw unbound();
    }

    private static IllegalStateException unbound() {
        return new IllegalStateException("the reference's distribution is not there: evaluate over(batch) instead");
    }

    /** With the reference of a batch in hand. */
    private record Bound(float[][] reference) implements VocabularyReduction {
        @Override
        public String name() {
            return "kl_to_reference";
        }

        @Override
        public double forward(LogitsRow row) {
            float[] ref = reference[row.position()];
            double kl = 0;
            for (int v = 0; ref != null && v < ref.length; v++) {
                double p = row.prob(v);
                kl += p == 0 ? 0 : p * (row.logProb(v) - ref[v]);
            }
            return kl;
        }

        /** ∂KL/∂z_v = π_v (log π_v − log π_ref,v − KL). */
        @Override
        public void backward(LogitsRow row, double upstream, double[] gradient) {
            float[] ref = reference[row.position()];
            double kl = forward(row);
            for (int v = 0; ref != null && v < ref.length; v++) {
                double p = row.prob(v);
                gradient[v] += p == 0 ? 0 : upstream * p * (row.logProb(v) - ref[v] - kl);
            }
        }
    }
}
