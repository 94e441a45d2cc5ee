// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.aggregation;

import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Reduce;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * How the losses of tokens become one number, as configuration; {@link Reduce} does the arithmetic, with denominators of the whole optimiser
 * batch, so that its cut into micro-batches changes nothing.
 *
 * <pre>
 * token-mean                    Σ_i Σ_t l / Σ_i |o_i|          TRL dapo (and bnpo, whose denominator is the micro-batch's)
 * sequence-mean-token-mean      mean_i (Σ_t l / |o_i|)         the GRPO paper, TRL grpo
 * sequence-mean-token-sum       mean_i Σ_t l                   TRL luspo
 * sequence-mean-token-sum-norm  mean_i Σ_t l / normaliser      Dr. GRPO, TRL dr_grpo, verl since its #3741
 * token-sum-norm                Σ_i Σ_t l / normaliser         verl's seq-mean-token-sum-norm before that
 * sequence-mean                 mean_i l_i                     RLOO: an answer is one action; a loss by token is summed over its answer
 * </pre>
 *
 * @param kind one of the above
 * @param normaliser divides the token sums of the kinds that end in norm; 1 otherwise
 * @param countEmptyRows whether answers of which no token counts are in the number of answers
 * @param lengthEpsilon added to |o_i| of sequence-mean-token-mean (verl: 1e-8)
 */
public record Aggregation(Kind kind, double normaliser, boolean countEmptyRows, double lengthEpsilon) {
    /** Which mean. */
    public enum Kind {
        TOKEN_MEAN,
        SEQUENCE_MEAN_TOKEN_MEAN,
        SEQUENCE_MEAN_TOKEN_SUM,
        SEQUENCE_MEAN_TOKEN_SUM_NORM,
        TOKEN_SUM_NORM,
        SEQUENCE_MEAN;

        private boolean normalised() {
            return this == SEQUENCE_MEAN_TOKEN_SUM_NORM || this == TOKEN_SUM_NORM;
        }
    }

    /** Reads a block {@code aggregation { … }}. */
    public static Aggregation read(ConfigReader own) {
        Kind kind = own.oneOf("kind", Kind.class);
        double normaliser = own.optionalDecimal("normaliser", Range.positive()).orElse(1.0);
        if (kind.normalised() && !own.has("normaliser")) {
            own.problem(
                    "normaliser",
                    "this kind divides by it; set it to a fixed length, such as the longest answer allowed");
        }
        if (!kind.normalised() && own.has("normaliser")) {
            own.problem(
                    "normaliser", "only sequence-mean-token-sum-norm and token-sum-norm use it; remove it or set kind");
        }
        return new Aggregation(
                kind, normaliser, own.bool("count-empty-rows"), own.decimal("length-epsilon", Range.atLeast(0)));
    }

    /** Whether a loss by answer counts as it is, instead of once for each of its tokens. */
    public boolean byAnswer() {
        return kind == Kind.SEQUENCE_MEAN;
    }

    /** The arithmetic for losses by token. */
    public Reduce reduce() {
        return switch (kind) {
            case TOKEN_MEAN -> Reduce.tokenMean();
            case SEQUENCE_MEAN_TOKEN_MEAN -> Reduce.sequenceMeanTokenMean(countEmptyRows, lengthEpsilon);
            case SEQUENCE_MEAN_TOKEN_SUM, SEQUENCE_MEAN -> Reduce.sequenceMeanTokenSum(1, countEmptyRows);
            case SEQUENCE_MEAN_TOKEN_SUM_NORM -> Reduce.sequenceMeanTokenSum(normaliser, countEmptyRows);
            case TOKEN_SUM_NORM -> Reduce.sum(normaliser);
        };
    }

    /** What becomes of the losses l of tokens, as a formula. */
    public String formula() {
        String norm = Explanation.number(normaliser);
        return switch (kind) {
            case TOKEN_MEAN -> "Σ_i Σ_t l / Σ_i |o_i|: every token weighs the same";
            case SEQUENCE_MEAN_TOKEN_MEAN -> "mean_i Σ_t l / |o_i|: every answer weighs the same";
            case SEQUENCE_MEAN_TOKEN_SUM -> "mean_i Σ_t l: long answers weigh more";
            case SEQUENCE_MEAN_TOKEN_SUM_NORM -> "mean_i Σ_t l / " + norm;
            case TOKEN_SUM_NORM -> "Σ_i Σ_t l / " + norm;
            case SEQUENCE_MEAN -> "mean_i l_i: an answer is one action";
        };
    }
}
