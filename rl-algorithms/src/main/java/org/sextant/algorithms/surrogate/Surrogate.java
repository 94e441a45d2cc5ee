// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.surrogate;

import java.util.Optional;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Domain;
import org.sextant.api.tape.Term;

/**
 * The policy loss of each token or row. With the ratio ρ = π / π_old and the advantage A:
 *
 * <pre>
 * clip        −min(ρ A, clip(ρ, 1 − low, 1 + high) A)      PPO, arXiv 1707.06347
 *   dual clip   where A &lt; 0: min(the above, −c A)          1912.09729
 *   delta       the unclipped ρ is limited to delta first   INTELLECT-2, 2505.07291
 * reinforce   −A log π                                      no ratio, no trust region
 * cispo       −sg(clip(ρ, 1 − low, 1 + high)) A log π       MiniMax-M1, 2506.13585: limited weights, but no token loses its gradient
 * sapo        −(4/τ) σ(τ (ρ − 1)) A                         SAPO, 2511.20347: {@link SoftGate}
 * </pre>
 *
 * @param kind clip, reinforce, cispo (TRL caps ρ at its epsilon_high, which is 1 + high here; sg: no gradient) or sapo
 * @param level what a ratio is taken over
 * @param clipLow ρ below 1 − clipLow earns nothing more where A &lt; 0
 * @param clipHigh ρ above 1 + clipHigh earns nothing more where A &gt; 0; below 0 for cispo alone, whose cap may be under 1
 * @param dualClip c above 1: upper bound of the loss, as a multiple of −A, where A &lt; 0; empty: none
 * @param delta largest ratio that the unclipped side uses; empty: none
 * @param logRatioClamp log ρ is limited to ± this (verl: 20 by token); empty: not limited
 * @param gate temperatures of sapo
 */
public record Surrogate(
        Kind kind,
        Level level,
        double clipLow,
        double clipHigh,
        Optional<Double> dualClip,
        Optional<Double> delta,
        Optional<Double> logRatioClamp,
        SoftGate gate) {
    /** What is minimised. */
    public enum Kind {
        CLIP,
        REINFORCE,
        CISPO,
        SAPO;

        /** Whether clip-low and clip-high have an effect. */
        boolean clips() {
            return this == CLIP || this == CISPO;
        }
    }

    /** What a ratio (or, for reinforce, a log-probability) is taken over. */
    public enum Level {
        /** Each token by itself. */
        TOKEN,
        /** The answer: the product of its tokens' ratios (RLOO). Long answers clip at once when the policy has moved. */
        SEQUENCE_PRODUCT,
        /** The answer, length-normalised: the geometric mean of its tokens' ratios (GSPO, arXiv 2507.18071). */
        SEQUENCE_MEAN,
        /** The value of {@link #SEQUENCE_MEAN}, but the gradient of each token's own log-probability (GSPO-token, verl). */
        SEQUENCE_MEAN_TOKEN_GRADIENT;

        /** Whether there is one ratio a row. */
        public boolean byRow() {
            return this == SEQUENCE_PRODUCT || this == SEQUENCE_MEAN;
        }
    }

    /** Any kind, with SAPO's temperatures as published. */
    public Surrogate(
            Kind kind,
            Level level,
            double clipLow,
            double clipHigh,
            Optional<Double> dualClip,
            Optional<Double> delta,
            Optional<Double> logRatioClamp) {
        this(kind, level, clipLow, clipHigh, dualClip, delta, logRatioClamp, SoftGate.PUBLISHED);
    }

    /** PPO's clip at a level, without further bounds. */
    public static Surrogate clip(Level level, double low, double high) {
        return new Surrogate(Kind.CLIP, level, low, high, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Reads a block {@code surrogate { … }}. */
    public static Surrogate read(ConfigReader own) {
        Surrogate read = new Surrogate(
                own.oneOf("kind", Kind.class),
                own.oneOf("level", Level.class),
                own.decimal("clip-low", Range.between(0, 1)),
                own.decimal("clip-high", new Range(-1, true, Double.POSITIVE_INFINITY)),
                own.optionalDecimal("dual-clip", new Range(1, true, Double.POSITIVE_INFINITY)),
                own.optionalDecimal("delta", Range.positive()),
                own.optionalDecimal("log-ratio-clamp", Range.positive()),
                SoftGate.read(own));
        if (read.clipHigh < (read.kind == Kind.CISPO ? -read.clipLow : 0)) {
            own.problem(
                    "clip-high",
                    "is " + read.clipHigh + "; at least 0 is allowed, with kind = cispo at least -clip-low, since 1 +"
                            + " clip-high is then the cap of a weight");
        }
        return read;
    }

    /**
     * log ρ: by token, or by row at a sequence level (except {@link Level#SEQUENCE_MEAN_TOKEN_GRADIENT}, by token).
     *
     * @param logp log π, by token
     * @param oldLogp log π_old, by token
     * @param mask tokens that count
     */
    public Term logRatio(Term logp, Term oldLogp, boolean[] mask) {
        Term difference = logp.minus(oldLogp);
        return switch (level) {
            case TOKEN -> clamped(difference);
            case SEQUENCE_PRODUCT -> clamped(difference.rowSum(mask));
            case SEQUENCE_MEAN -> clamped(difference.rowMean(mask));
            case SEQUENCE_MEAN_TOKEN_GRADIENT ->
                clamped(difference.rowMean(mask).toTokens().detach().plus(logp.minus(logp.detach())));
        };
    }

    private Term clamped(Term logRatio) {
        return logRatioClamp.map(c -> logRatio.clip(-c, c)).orElse(logRatio);
    }

    /**
     * The loss of each token; of each row if the advantages are by row and the level is of the sequence.
     *
     * @param logp log π, by token
     * @param oldLogp log π_old, by token
     * @param advantages by token or row
     * @param mask tokens that count
     */
    public Term loss(Term logp, Term oldLogp, Term advantages, boolean[] mask) {
        if (kind == Kind.REINFORCE) {
            Term score = switch (level) {
                case TOKEN, SEQUENCE_MEAN_TOKEN_GRADIENT -> logp;
                case SEQUENCE_PRODUCT -> logp.rowSum(mask);
                case SEQUENCE_MEAN -> logp.rowMean(mask);
            };
            return score(score, advantages);
        }
        Term ratio = logRatio(logp, oldLogp, mask).exp();
        if (kind == Kind.CISPO) {
            Term weight = ratio.detach().clip(1 - clipLow, 1 + clipHigh);
            return score(logp, advantages).times(onto(weight, logp));
        }
        return kind == Kind.SAPO
                ? gate.loss(onto(ratio, advantages), onto(advantages, ratio))
                : clipLoss(ratio, advantages);
    }

    private static Term score(Term score, Term advantages) {
        return onto(score, advantages).times(onto(advantages, score)).negate();
    }

    /** The clipped loss for given ratios. */
    public Term clipLoss(Term ratio, Term advantages) {
        Term rho = onto(ratio, advantages);
        Term a = onto(advantages, ratio);
        Term clipped = rho.clip(1 - clipLow, 1 + clipHigh);
        Term loss = bounded(rho).times(a).min(clipped.times(a)).negate();
        if (dualClip.isEmpty()) {
            return loss;
        }
        return loss.min(a.times(-dualClip.get())).where(negative(a), loss);
    }

    private Term bounded(Term ratio) {
        return delta.map(d -> ratio.clip(Double.NEGATIVE_INFINITY, d)).orElse(ratio);
    }

    /** Rows become tokens where the other side is by token. */
    private static Term onto(Term term, Term other) {
        return term.domain() == Domain.ROW && other.domain() == Domain.TOKEN ? term.toTokens() : term;
    }

    private static boolean[] negative(Term advantages) {
        boolean[] negative = new boolean[advantages.values().length];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = advantages.values()[i] < 0;
        }
        return negative;
    }
}
