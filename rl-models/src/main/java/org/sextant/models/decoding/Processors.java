// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.List;

/**
 * Steps on raw logits that look at what a row says so far, each in place on the scores of one row; −∞ means never. The definitions are those
 * of the processors in {@code transformers}. A row's {@code tokens} count up to {@code length}.
 */
public final class Processors {
    private Processors() {}

    /** Makes every token that occurs less likely: positive scores are divided by {@code penalty}, others multiplied (CTRL, arXiv 1909.05858). */
    public static void repetitionPenalty(double[] scores, int[] tokens, int length, double penalty, Ranking ranking) {
        double[] before = ranking.keys();
        System.arraycopy(scores, 0, before, 0, scores.length);
        for (int i = 0; i < length; i++) {
            double score = before[tokens[i]];
            // From the score as it was: a token that occurs twice is penalised once.
            scores[tokens[i]] = score < 0 ? score * penalty : score / penalty;
        }
    }

    /** Filters every token that would complete an {@code n}-gram which occurs already (Paulus et al. 2017, arXiv 1705.04304). */
    public static void noRepeatNgram(double[] scores, int[] tokens, int length, int n) {
        int suffix = length - (n - 1);
        for (int start = 0; start + n <= length; start++) {
            if (equal(tokens, start, suffix, n - 1)) {
                scores[tokens[start + n - 1]] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    private static boolean equal(int[] tokens, int a, int b, int count) {
        for (int i = 0; i < count; i++) {
            if (tokens[a + i] != tokens[b + i]) {
                return false;
            }
        }
        return true;
    }

    /** Filters {@code eos} while {@code length} is below {@code minLength}. */
    public static void minLength(double[] scores, int length, int minLength, int eos) {
        if (length < minLength) {
            scores[eos] = Double.NEGATIVE_INFINITY;
        }
    }

    /** Filters {@code suppressed}. */
    public static void suppress(double[] scores, List<Integer> suppressed) {
        for (int i = 0; i < suppressed.size(); i++) {
            scores[suppressed.get(i)] = Double.NEGATIVE_INFINITY;
        }
    }
}
