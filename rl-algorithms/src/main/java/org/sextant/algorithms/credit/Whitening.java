// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.algorithm.Explanation;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.experience.Masked;

/**
 * Advantages of a step with mean 0 and variance 1, over all of its answers or all of its tokens, whatever the micro-batches:
 *
 * <pre>
 * A ← (A − mean) / √(var + ε)      verl (ddof 1, 1e-8, 1e-8 added to the count), TRL's PPO (ddof 1, 1e-8)
 * A ← (A − mean) / √max(var, ε)    OpenRLHF (ddof 0, 1e-8)
 * A ← (A − mean) / (√var + ε)      TRL's GRPO and RLOO over answers (ddof 1, 1e-4)
 * </pre>
 *
 * Entries that are all equal have no spread and become exactly 0 (their mean, if it is kept) unless {@code
 * countEpsilon} leaves its residue.
 *
 * @param scope whose mean and variance
 * @param ddof 1: n − 1, 0: n in the variance
 * @param shiftMean false: the mean is added back, only the spread changes
 * @param divide false: only the mean is taken off
 * @param epsilon above 0 where divisions need it
 * @param epsilonAt where ε stands
 * @param countEpsilon added to the number of entries of which a mean is taken
 */
public record Whitening(
        Scope scope,
        int ddof,
        boolean shiftMean,
        boolean divide,
        double epsilon,
        EpsilonAt epsilonAt,
        double countEpsilon) {
    /** What mean and variance are taken over. */
    public enum Scope {
        /** No whitening. */
        NONE,
        /** The advantages of answers, each once; an advantage of 0 that says "no signal in this group" stays 0. */
        ROWS,
        /** The advantages of tokens. */
        TOKENS
    }

    /** Where ε stands. */
    public enum EpsilonAt {
        /** Added to the variance. */
        VARIANCE,
        /** Added to the standard deviation. */
        DEVIATION,
        /** The least that a variance may be. */
        FLOOR
    }

    /** Advantages as they are. */
    public static Whitening none() {
        return new Whitening(Scope.NONE, 1, true, true, 0, EpsilonAt.VARIANCE, 0);
    }

    /** Reads a block {@code whiten { … }}. */
    public static Whitening read(ConfigReader own) {
        return new Whitening(
                own.oneOf("scope", Scope.class),
                own.integer("ddof", Range.between(0, 1)),
                own.bool("shift-mean"),
                own.bool("divide"),
                own.decimal("epsilon", Range.atLeast(0)),
                own.oneOf("epsilon-at", EpsilonAt.class),
                own.decimal("count-epsilon", Range.atLeast(0)));
    }

    /** What is done, as a formula. */
    String formula() {
        String eps = Explanation.number(epsilon);
        String root = switch (epsilonAt) {
            case VARIANCE -> "√(var + " + eps + ")";
            case DEVIATION -> "(√var + " + eps + ")";
            case FLOOR -> "√max(var, " + eps + ")";
        };
        return "A ← (A − mean)" + (divide ? " / " + root : "") + (shiftMean ? "" : " + mean") + " over the step's "
                + (scope == Scope.ROWS ? "answers" : "tokens") + (ddof == 1 ? ", n−1" : ", n");
    }

    /** The entries that the mask lets through, whitened; 0 outside. */
    public double[] apply(double[] x, boolean[] mask) {
        return of(x, mask).apply(x, mask);
    }

    /** What is done to each entry, from the entries that the mask lets through. */
    Affine of(double[] x, boolean[] mask) {
        if (Masked.count(mask) == 0) {
            return new Affine(0, 1, 0);
        }
        double mean = Masked.mean(x, mask, countEpsilon);
        double variance = Masked.variance(x, mask, ddof, countEpsilon);
        return new Affine(mean, divide ? factor(x, mask, variance) : 1, shiftMean ? 0 : mean);
    }

    private double factor(double[] x, boolean[] mask, double variance) {
        boolean spread = variance > 0 && (countEpsilon > 0 || !Masked.constant(x, mask));
        if (!spread) {
            return 0;
        }
        return switch (epsilonAt) {
            case VARIANCE -> 1 / Math.sqrt(variance + epsilon);
            case DEVIATION -> 1 / (Math.sqrt(variance) + epsilon);
            case FLOOR -> 1 / Math.sqrt(Math.max(variance, epsilon));
        };
    }

    /** {@code (x − mean) · factor + shift}. */
    record Affine(double mean, double factor, double shift) {
        double apply(double x) {
            return (x - mean) * factor + shift;
        }

        /** Inside the mask; 0 outside. */
        double[] apply(double[] x, boolean[] mask) {
            double[] white = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                white[i] = mask[i] ? apply(x[i]) : 0;
            }
            return white;
        }
    }
}
