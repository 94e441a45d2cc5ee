// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.experience.Column;
import org.sextant.api.experience.Experience;
import org.sextant.api.output.LogitsRow;
import org.sextant.api.output.VocabularyReduction;

/**
 * Generalised Jensen-Shannon divergence of student s and teacher t (GKD, Agarwal et al. 2024, arXiv 2306.13649):
 * {@code β·KL(t‖m) + (1−β)·KL(s‖m)} with {@code m = β·t + (1−β)·s}; β = 0 is KL(t‖s), β = 1 is KL(s‖t). It proves that
 * a reduction over the vocabulary may read a column beside the logits.
 *
 * @param beta weight of the teacher in the mixture, 0 to 1
 * @param teacher by token, the teacher's log-probabilities over the vocabulary at the student's temperature
 */
public record GeneralisedJsd(double beta, Column<double[][]> teacher) implements VocabularyReduction {
    @Override
    public String name() {
        return "generalised_jsd";
    }

    @Override
    public VocabularyReduction over(Experience batch) {
        return new Bound(beta, batch.get(teacher));
    }

    @Override
    public double forward(LogitsRow row) {
        throw new IllegalStateException("the teacher is not known yet; call over(batch) first");
    }

    @Override
    public void backward(LogitsRow row, double upstream, double[] gradient) {
        forward(row);
    }

    /** With the teacher in hand. */
    private record Bound(double beta, double[][] teacher) implements VocabularyReduction {
        @Override
        public String name() {
            return "generalised_jsd";
        }

        @Override
        public double forward(LogitsRow row) {
            double[] t = teacher[row.position()];
            double sum = 0;
            for (int v = 0; v < t.length; v++) {
                double s = row.logProb(v);
                double m = mixture(t[v], s);
                sum += beta * weighted(t[v], m) + (1 - beta) * weighted(s, m);
            }
            return beta == 0 ? divergence(t, row, true) : beta == 1 ? divergence(t, row, false) : sum;
        }

        private double mixture(double t, double s) {
            double high = Math.max(t, s);
            return high + Math.log(beta * Math.exp(t - high) + (1 - beta) * Math.exp(s - high));
        }

        /** p·(log p − log q). */
        private static double weighted(double p, double q) {
            return p == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p) * (p - q);
        }

        private static double divergence(double[] t, LogitsRow row, boolean forward) {
            double sum = 0;
            for (int v = 0; v < t.length; v++) {
                double s = row.logProb(v);
                sum += forward ? weighted(t[v], s) : weighted(s, t[v]);
            }
            return sum;
        }

        /** With {@code g_v = ∂/∂s_v}, the gradient by logits is {@code s_v·(g_v − Σ s·g)}; constants in g cancel. */
        @Override
        public void backward(LogitsRow row, double upstream, double[] gradient) {
            double[] t = teacher[row.position()];
            double mean = 0;
            for (int v = 0; v < t.length; v++) {
                mean += slope(t[v], row.logProb(v));
            }
            for (int v = 0; v < t.length; v++) {
                gradient[v] += upstream * (slope(t[v], row.logProb(v)) - row.prob(v) * mean);
            }
        }

        /** s_v·g_v. */
        private double slope(double t, double s) {
            if (beta == 0) {
                return -Math.exp(t);
            }
            double q = beta == 1 ? t : mixture(t, s);
            return (beta == 1 ? 1 : 1 - beta) * weighted(s, q);
        }
    }
}
