// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs.arithmetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * Settings of {@link Arithmetic}; {@code arithmetic.conf} beside this class has the defaults and says what each means.
 *
 * @param seed of the order in which problems are drawn
 * @param operators at least one
 * @param left digits of the first number
 * @param right digits of the second number
 * @param carries carries (borrows) that a problem may have
 * @param negatives whether a difference may be below zero
 * @param reversed whether answers are written with the last digit first
 * @param evaluationShare share of all problems that training never sees
 * @param evaluationSize questions of the evaluation
 * @param trainSize questions of the training; empty: endless
 */
record ArithmeticConfig(
        long seed,
        List<Operator> operators,
        Span left,
        Span right,
        Span carries,
        boolean negatives,
        boolean reversed,
        double evaluationShare,
        int evaluationSize,
        Optional<Long> trainSize) {
    /** Whole numbers from min to max. */
    record Span(int min, int max) {
        boolean contains(int n) {
            return n >= min && n <= max;
        }
    }

    static final int MOST_DIGITS = 9;

    static ArithmeticConfig read(ConfigReader own) {
        return new ArithmeticConfig(
                own.longInteger("seed", Range.any()),
                operators(own),
                digits(own.object("left-digits")),
                digits(own.object("right-digits")),
                carries(own.object("carries")),
                own.bool("negatives"),
                own.bool("reversed"),
                own.decimal("evaluation-share", new Range(0, true, 0.9)),
                own.integer("evaluation-size", Range.atLeast(1)),
                own.has("train-size")
                        ? Optional.of(own.longInteger("train-size", Range.atLeast(1)))
                        : own.absent("train-size"));
    }

    private static List<Operator> operators(ConfigReader own) {
        List<Operator> operators = new ArrayList<>();
        List<String> signs = own.strings("operators");
        for (String sign : signs) {
            Operator.of(sign)
                    .ifPresentOrElse(
                            operators::add,
                            () -> own.problem(
                                    "operators", "'" + sign + "' is no operator; known are \"+\", \"-\" and \"*\""));
        }
        if (signs.isEmpty() || operators.stream().distinct().count() != operators.size()) {
            own.problem("operators", "name at least one operator, and each once");
        }
        return List.copyOf(operators);
    }

    private static Span digits(ConfigReader own) {
        Range allowed = Range.between(1, MOST_DIGITS);
        return ordered(own, new Span(own.integer("min", allowed), own.integer("max", allowed)));
    }

    private static Span carries(ConfigReader own) {
        return ordered(
                own,
                new Span(
                        own.integer("min", Range.atLeast(0)),
                        own.optionalInteger("max", Range.atLeast(0)).orElse(Integer.MAX_VALUE)));
    }

    private static Span ordered(ConfigReader own, Span span) {
        if (span.min > span.max) {
            own.problem("max", "max = " + span.max + " is below min = " + span.min);
        }
        return span;
    }

    /** Whether every value is in its own range, so that problems can be drawn at all. */
    boolean sane() {
        return !operators.isEmpty()
                && sane(left)
                && sane(right)
                && carries.min <= carries.max
                && evaluationShare > 0
                && evaluationShare <= 0.9
                && evaluationSize >= 1;
    }

    private static boolean sane(Span digits) {
        return digits.min >= 1 && digits.min <= digits.max && digits.max <= MOST_DIGITS;
    }
}
