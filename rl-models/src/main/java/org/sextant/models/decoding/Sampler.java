// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Arrays;
import java.util.Set;
import org.sextant.api.rollout.Sampling;

/**
 * Chooses tokens: {@link Processors}, then (unless greedy) {@link Warpers} in the order that {@link Sampling} states, then the inverse of the
 * cumulative distribution at one uniform number for each token. Holds scratch space; one thread uses it.
 */
public final class Sampler {
    private final int known;
    private final Set<Integer> eosIds;
    private final Ranking ranking;
    private double logProb;

    /**
     * @param vocabulary number of ids of the model
     * @param known number of ids that have a text; larger ones, which fill up the embedding table, are never chosen
     * @param eosIds the ids that {@code minLength} holds back
     */
    public Sampler(int vocabulary, int known, Set<Integer> eosIds) {
        this.known = known;
        this.eosIds = Set.copyOf(eosIds);
        this.ranking = new Ranking(vocabulary);
    }

    /**
     * Turns logits into the scores of the distribution that a token is drawn from, in place.
     *
     * @param tokens prompt and answer so far, up to {@code length}
     * @param answerStart where the answer begins in {@code tokens}
     */
    public void process(double[] logits, Sampling sampling, int[] tokens, int length, int answerStart) {
        if (sampling.repetitionPenalty() != 1) {
            Processors.repetitionPenalty(logits, tokens, length, sampling.repetitionPenalty(), ranking);
        }
        if (sampling.noRepeatNgram() > 0) {
            Processors.noRepeatNgram(logits, tokens, length, sampling.noRepeatNgram());
        }
        for (int eos : eosIds) {
            Processors.minLength(logits, length - answerStart, sampling.minLength(), eos);
        }
        Processors.suppress(logits, sampling.suppressed());
        Arrays.fill(logits, Math.min(known, logits.length), logits.length, Double.NEGATIVE_INFINITY);
        if (!sampling.greedy()) {
            warp(logits, sampling);
        }
    }

    /** The next token of a row, with its own stream; {@code scores} are its logits, and changed. */
    int choose(double[] scores, AnswerRow row) {
        process(scores, row.sampling, row.ids(), row.length(), row.answerStart());
        return row.sampling.greedy() ? best(scores) : draw(scores, row.stream.nextDouble());
    }

    private void warp(double[] scores, Sampling sampling) {
        Warpers.temperature(scores, sampling.temperature());
        if (sampling.topK() > 0) {
            Warpers.topK(scores, sampling.topK(), 1, ranking);
        }
        if (sampling.topP() < 1) {
            Warpers.topP(scores, sampling.topP(), 1, ranking);
        }
        if (sampling.minP() > 0) {
            Warpers.minP(scores, sampling.minP(), 1, ranking);
        }
        if (sampling.typicalP() < 1) {
            Warpers.typicalP(scores, sampling.typicalP(), 1, ranking);
        }
        if (sampling.epsilonCutoff() > 0) {
            Warpers.epsilonCutoff(scores, sampling.epsilonCutoff(), 1, ranking);
        }
    }

    /**
     * The first id at which the cumulative softmax of {@code scores} is above {@code uniform}; never one of probability 0.
     *
     * @param uniform in [0, 1)
     */
    public int draw(double[] scores, double uniform) {
        double[] probabilities = ranking.softmax(scores);
        double cumulative = 0;
        int chosen = -1;
        // Rounding may leave the sum below the uniform number: then the last possible id is the one.
        for (int id = 0; id < scores.length && cumulative <= uniform; id++) {
            if (probabilities[id] > 0) {
                cumulative += probabilities[id];
                chosen = id;
            }
        }
        logProb = ranking.logProb(scores[chosen]);
        return chosen;
    }

    /** The id of the largest score, the lowest among equals. */
    public int best(double[] scores) {
        double maximum = Ranking.maximum(scores);
        int best = 0;
        while (scores[best] != maximum) {
            best++;
        }
        logProb = 0;
        return best;
    }

    /** Log-probability of the token chosen last under the distribution that it was chosen from; 0 after {@link #best}. */
    public double logProb() {
        return logProb;
    }
}
