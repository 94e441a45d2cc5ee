// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

/** log π(y_t | s_t), at the temperature of the forward pass. */
public record LogProb() implements VocabularyReduction {
    @Override
    public String name() {
        return "logp";
    }

    @Override
    public double forward(LogitsRow row) {
        return row.logProb(row.token());
    }

    /** ∂ log π_y / ∂z_v = 1[v = y] − π_v. */
    @Override
    public void backward(LogitsRow row, double upstream, double[] gradient) {
        for (int v = 0; v < gradient.length; v++) {
            gradient[v] -= upstream * row.prob(v);
        }
        gradient[row.token()] += upstream;
    }
}
