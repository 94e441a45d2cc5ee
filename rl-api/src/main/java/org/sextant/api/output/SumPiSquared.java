// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.output;

/** Σ_v π_v²: with 1 − 2π_y it is the squared norm of the score, which the optimal token baseline weighs by. */
public record SumPiSquared() implements VocabularyReduction {
    @Override
    public String name() {
        return "sum_pi_squared";
    }

    @Override
    public double forward(LogitsRow row) {
        double sum = 0;
        for (int v = 0; v < row.vocabulary(); v++) {
            sum += row.prob(v) * row.prob(v);
        }
        return sum;
    }

    /** ∂/∂z_v = 2π_v (π_v − Σπ²). */
    @Override
    public void backward(LogitsRow row, double upstream, double[] gradient) {
        double sum = forward(row);
        for (int v = 0; v < gradient.length; v++) {
            double p = row.prob(v);
            gradient[v] += upstream * 2 * p * (p - sum);
        }
    }
}
