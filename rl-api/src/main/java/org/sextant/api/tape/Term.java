// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.tape;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Groups;

/**
 * Numbers on a {@link Domain}, made by an operation that the tape remembers. Elementwise operations take two terms of
 * the same domain and length, or one {@link Domain#SCALAR}. Between rows and tokens there is no silent broadcast: say
 * {@link #toTokens()}, {@link #rowSum} or {@link #rowMean}.
 */
public final class Term {
    private final Tape tape;
    private final int number;
    private final Domain domain;
    private final double[] values;
    private final boolean needsGradient;
    private final Backward backward;
    private final double[] gradient;

    Term(Tape tape, int number, Domain domain, double[] values, boolean needsGradient, Backward backward) {
        this.tape = tape;
        this.number = number;
        this.domain = domain;
        this.values = values;
        this.needsGradient = needsGradient;
        this.backward = backward;
        this.gradient = new double[values.length];
    }

    public Domain domain() {
        return domain;
    }

    /** The numbers; not to be written to. */
    public double[] values() {
        return values;
    }

    /** Gradient of the last {@link Tape#gradients}; zero for constants. */
    public double[] gradient() {
        return gradient;
    }

    Tape tape() {
        return tape;
    }

    boolean needsGradient() {
        return needsGradient;
    }

    void clearGradient() {
        java.util.Arrays.fill(gradient, 0);
    }

    void seed(double[] weights) {
        if (weights.length != values.length) {
            throw new IllegalArgumentException("a seed of " + weights.length + " for " + this);
        }
        for (int i = 0; i < weights.length; i++) {
            gradient[i] += weights[i];
        }
    }

    void backward() {
        if (backward != null) {
            backward.accumulate(gradient);
        }
    }

    // ---- arithmetic
    // --------------------------------------------------------------------------------------------------

    public Term plus(Term other) {
        return Elementwise.binary(this, other, (a, b) -> a + b, (a, b) -> 1, (a, b) -> 1);
    }

    public Term plus(double number) {
        return unary(a -> a + number, (a, y) -> 1);
    }

    public Term minus(Term other) {
        return Elementwise.binary(this, other, (a, b) -> a - b, (a, b) -> 1, (a, b) -> -1);
    }

    public Term minus(double number) {
        return plus(-number);
    }

    public Term times(Term other) {
        return Elementwise.binary(this, other, (a, b) -> a * b, (a, b) -> b, (a, b) -> a);
    }

    public Term times(double number) {
        return unary(a -> a * number, (a, y) -> number);
    }

    public Term dividedBy(Term other) {
        return Elementwise.binary(this, other, (a, b) -> a / b, (a, b) -> 1 / b, (a, b) -> -a / (b * b));
    }

    public Term negate() {
        return times(-1);
    }

    public Term square() {
        return unary(a -> a * a, (a, y) -> 2 * a);
    }

    public Term exp() {
        return unary(Math::exp, (a, y) -> y);
    }

    public Term log() {
        return unary(Math::log, (a, y) -> 1 / a);
    }

    /** {@code log(1 - exp(a))} for {@code a < 0}, without cancellation (Mächler 2012). */
    public Term log1mexp() {
        return unary(Elementwise::log1mexp, (a, y) -> -1 / Math.expm1(-a));
    }

    public Term sigmoid() {
        return unary(Elementwise::sigmoid, (a, y) -> y * (1 - y));
    }

    /** {@code log(sigmoid(a))} without overflow. */
    public Term logSigmoid() {
        return unary(a -> -Elementwise.softplus(-a), (a, y) -> Elementwise.sigmoid(-a));
    }

    /** Clamped to [low, high]; the gradient is 1 inside and on the borders, 0 outside, as in PyTorch. */
    public Term clip(double low, double high) {
        return unary(a -> Math.max(low, Math.min(high, a)), (a, y) -> a >= low && a <= high ? 1 : 0);
    }

    /** The smaller; where both are equal each gets half of the gradient, as in PyTorch. */
    public Term min(Term other) {
        return Elementwise.binary(
                this, other, Math::min, (a, b) -> share(a < b, a == b), (a, b) -> share(b < a, a == b));
    }

    /** The larger; where both are equal each gets half of the gradient, as in PyTorch. */
    public Term max(Term other) {
        return Elementwise.binary(
                this, other, Math::max, (a, b) -> share(a > b, a == b), (a, b) -> share(b > a, a == b));
    }

    private static double share(boolean wins, boolean ties) {
        return wins ? 1 : ties ? 0.5 : 0;
    }

    /** This where the condition holds, {@code other} elsewhere; numbers not chosen may be NaN. */
    public Term where(boolean[] condition, Term other) {
        return Elementwise.where(condition, this, other);
    }

    /** The same numbers, without a gradient. */
    public Term detach() {
        return tape.constant(domain, values);
    }

    // ---- between domains
    // -----------------------------------------------------------------------------------------------

    /** {@code result[i] = this[index[i]]}; an index may repeat. */
    public Term gather(int[] index, Domain result) {
        return Ragged.gather(this, index, result);
    }

    /** TOKEN to ROW: sum over the tokens that the mask lets through; 0 for a row without any. */
    public Term rowSum(boolean[] mask) {
        return Ragged.rowSum(this, mask, false);
    }

    /** TOKEN to ROW: mean over the tokens that the mask lets through; 0 for a row without any. */
    public Term rowMean(boolean[] mask) {
        return Ragged.rowSum(this, mask, true);
    }

    /** ROW to TOKEN: each token gets its row's number. */
    public Term toTokens() {
        return Ragged.toTokens(this);
    }

    /** ROW to ROW: each row gets the mean over its group; rows in no group keep 0. */
    public Term groupMean(Groups groups) {
        return Ragged.groupMean(this, groups);
    }

    /** Any domain to SCALAR: the sum of all numbers. */
    public Term sum() {
        return Ragged.sum(this);
    }

    private Term unary(DoubleUnaryOperator f, DoubleBinaryOperator derivative) {
        return Elementwise.unary(this, f, derivative);
    }

    Term derive(Domain result, double[] computed, List<Term> inputs, Backward step) {
        return tape.node(result, computed, inputs, step);
    }

    @Override
    public String toString() {
        return "Term " + number + " (" + domain + ", " + values.length + ")";
    }

    /** Adds an upstream gradient to the gradients of the inputs. */
    @FunctionalInterface
    interface Backward {
        void accumulate(double[] upstream);
    }
}
