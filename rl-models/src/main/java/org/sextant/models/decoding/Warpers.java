// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

/**
 * Steps that shape the distribution of the next token, each in place on the scores of one row: dividing them, or setting those of tokens that
 * are filtered to −∞. The definitions are those of the warpers in {@code transformers}, bounds and ties included;
 * {@code minTokensToKeep} best tokens always stay (1 in ordinary sampling).
 */
public final class Warpers {
    private Warpers() {}

    /** Divides scores by {@code temperature}, above 0. */
    public static void temperature(double[] scores, double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature is " + temperature
                    + ", must be above 0; for the most probable token each" + " time set greedy");
        }
        for (int id = 0; id < scores.length; id++) {
            scores[id] /= temperature;
        }
    }

    /** Keeps the {@code k} largest scores and those equal to the k-th (Fan et al. 2018, arXiv 1805.04833). */
    public static void topK(double[] scores, int k, int minTokensToKeep, Ranking ranking) {
        int keep = Math.max(k, minTokensToKeep);
        ranking.rank(scores);
        double smallest = Double.NEGATIVE_INFINITY;
        for (int kept = 0; kept < keep && ranking.hasNext(); kept++) {
            smallest = scores[ranking.next()];
        }
        while (ranking.hasNext() && scores[ranking.peek()] == smallest) {
            ranking.next();
        }
        ranking.filterRest(scores);
    }

    /** Keeps the fewest most probable tokens that together have at least probability {@code p} (nucleus, arXiv 1904.09751). */
    public static void topP(double[] scores, double p, int minTokensToKeep, Ranking ranking) {
        double[] probabilities = ranking.softmax(scores);
        ranking.rank(scores);
        double mass = 0;
        for (int kept = 0; ranking.hasNext() && (mass < p || kept < minTokensToKeep); kept++) {
            mass += probabilities[ranking.next()];
        }
        ranking.filterRest(scores);
    }

    /** Keeps tokens whose probability is at least {@code minP} times the largest (Nguyen et al. 2024, arXiv 2407.01082). */
    public static void minP(double[] scores, double minP, int minTokensToKeep, Ranking ranking) {
        double[] probabilities = ranking.softmax(scores);
        ranking.rank(scores);
        double least = minP * probabilities[ranking.peek()];
        for (int kept = 0; ranking.hasNext(); kept++) {
            if (kept >= minTokensToKeep && probabilities[ranking.peek()] < least) {
                break;
            }
            ranking.next();
        }
        ranking.filterRest(scores);
    }

    /**
     * Keeps tokens with at least probability {@code epsilon} (Hewitt et al. 2022, arXiv 2210.15191); if there are none, the best and those
     * equal to it.
     */
    public static void epsilonCutoff(double[] scores, double epsilon, int minTokensToKeep, Ranking ranking) {
        double[] probabilities = ranking.softmax(scores);
        ranking.rank(scores);
        double sure = Double.POSITIVE_INFINITY;
        for (int kept = 0; kept < minTokensToKeep && ranking.hasNext(); kept++) {
            sure = scores[ranking.next()];
        }
        for (int id = 0; id < scores.length; id++) {
            if (probabilities[id] < epsilon && scores[id] < sure) {
                scores[id] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    /**
     * Keeps the tokens whose information −log π is nearest to the entropy, until they have probability {@code mass}
     * together (locally typical sampling, Meister et al. 2022, arXiv 2202.00666).
     */
    public static void typicalP(double[] scores, double mass, int minTokensToKeep, Ranking ranking) {
        double[] probabilities = ranking.softmax(scores);
        double entropy = 0;
        for (int id = 0; id < scores.length; id++) {
            if (probabilities[id] > 0) {
                entropy -= probabilities[id] * ranking.logProb(scores[id]);
            }
        }
        double[] nearness = ranking.keys();
        for (int id = 0; id < scores.length; id++) {
            nearness[id] = -Math.abs(-ranking.logProb(scores[id]) - entropy);
        }
        ranking.rank(nearness);
        double kept = 0;
        double last = Double.POSITIVE_INFINITY;
        for (int n = 0; ranking.hasNext(); n++) {
            boolean enough = kept >= mass && n >= minTokensToKeep;
            if (enough && nearness[ranking.peek()] < last) {
                break;
            }
            last = nearness[ranking.peek()];
            kept += probabilities[ranking.next()];
        }
        ranking.filterRest(scores);
    }
}
