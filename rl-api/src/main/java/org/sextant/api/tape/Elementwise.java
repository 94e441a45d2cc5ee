// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.sextant.api.experience.Domain;

/** Elementwise operations of {@link Term}, with broadcast of a SCALAR. */
final class Elementwise {
    private Elementwise() {}

    /** @param derivative of (input, output) */
    static Term unary(Term a, DoubleUnaryOperator f, DoubleBinaryOperator derivative) {
        double[] x = a.values();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = f.applyAsDouble(x[i]);
        }
        return a.derive(a.domain(), y, List.of(a), upstream -> {
            double[] gradient = a.gradient();
            for (int i = 0; i < x.length; i++) {
                if (upstream[i] != 0) {
                    gradient[i] += upstream[i] * derivative.applyAsDouble(x[i], y[i]);
                }
            }
        });
    }

    static Term binary(
            Term a, Term b, DoubleBinaryOperator f, DoubleBinaryOperator byFirst, DoubleBinaryOperator bySecond) {
        int n = commonLength(a, b);
        double[] x = a.values();
        double[] z = b.values();
        int stepA = x.length == n ? 1 : 0;
        int stepB = z.length == n ? 1 : 0;
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = f.applyAsDouble(x[i * stepA], z[i * stepB]);
        }
        return a.derive(
                stepA == 1 && a.domain() != Domain.SCALAR ? a.domain() : b.domain(), y, List.of(a, b), upstream -> {
                    double[] gradientA = a.gradient();
                    double[] gradientB = b.gradient();
                    for (int i = 0; i < n; i++) {
                        if (upstream[i] != 0) {
                            gradientA[i * stepA] += upstream[i] * byFirst.applyAsDouble(x[i * stepA], z[i * stepB]);
                            gradientB[i * stepB] += upstream[i] * bySecond.applyAsDouble(x[i * stepA], z[i * stepB]);
                        }
                    }
                });
    }

    static Term where(boolean[] condition, Term a, Term b) {
        int n = condition.length;
        if (commonLength(a, b) != n) {
            throw new IllegalArgumentException("a condition of " + n + " for " + a + " and " + b);
        }
        int stepA = a.values().length == n ? 1 : 0;
        int stepB = b.values().length == n ? 1 : 0;
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = condition[i] ? a.values()[i * stepA] : b.values()[i * stepB];
        }
        return a.derive(
                stepA == 1 && a.domain() != Domain.SCALAR ? a.domain() : b.domain(), y, List.of(a, b), upstream -> {
                    for (int i = 0; i < n; i++) {
                        if (condition[i]) {
                            a.gradient()[i * stepA] += upstream[i];
                        } else {
                            b.gradient()[i * stepB] += upstream[i];
                        }
                    }
                });
    }

    private static int commonLength(Term a, Term b) {
        if (a.domain() == b.domain() && a.values().length == b.values().length) {
            return a.values().length;
        }
        if (a.domain() == Domain.SCALAR) {
            return b.values().length;
        }
        if (b.domain() == Domain.SCALAR) {
            return a.values().length;
        }
        throw new IllegalArgumentException(
                a + " and " + b + " do not stand on the same domain; use toTokens(), rowSum(mask), "
                        + "rowMean(mask) or gather(index)");
    }

    static double sigmoid(double a) {
        if (a >= 0) {
            return 1 / (1 + Math.exp(-a));
        }
        double e = Math.exp(a);
        return e / (1 + e);
    }

    /** {@code log(1 + exp(a))}. */
    static double softplus(double a) {
        return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    }

    static double log1mexp(double a) {
        return a > -Math.log(2) ? Math.log(-Math.expm1(a)) : Math.log1p(-Math.exp(a));
    }
}
