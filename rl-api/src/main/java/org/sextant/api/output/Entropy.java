// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

/** H = −Σ_v π_v log π_v of a prediction, in nats. */
public record Entropy() implements VocabularyReduction {
    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public double forward(LogitsRow row) {
        double entropy = 0;
        for (int v = 0; v < row.vocabulary(); v++) {
            double p = row.prob(v);
            entropy -= p == 0 ? 0 : p * row.logProb(v);
        }
        return entropy;
    }

    /** ∂H/∂z_v = −π_v (log π_v + H). */
    @Override
    public void backward(LogitsRow row, double upstream, double[] gradient) {
        double entropy = forward(row);
        for (int v = 0; v < gradient.length; v++) {
            double p = row.prob(v);
            gradient[v] -= p == 0 ? 0 : upstream * p * (row.logProb(v) + entropy);
        }
    }
}
