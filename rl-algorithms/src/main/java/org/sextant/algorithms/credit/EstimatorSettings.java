// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.OptimalTokenBaseline.Align;
import org.sextant.api.algorithm.RolloutPlan.Branching;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/** Reads the estimator of a block {@code credit { … }}: its kind, and the keys that this kind has. */
final class EstimatorSettings {
    /** Names of the estimators. */
    enum Kind {
        GROUP,
        RETURNS,
        GAE,
        OPTIMAL_TOKEN_BASELINE,
        MONTE_CARLO
    }

    private EstimatorSettings() {}

    static Estimator read(ConfigReader own) {
        return switch (own.oneOf("kind", Kind.class)) {
            case GROUP -> new AnswerCredit(GroupCredit.read(own), limit(own), penalty(own));
            case RETURNS ->
                new ReturnCredit(
                        GroupCredit.read(own),
                        limit(own),
                        penalty(own),
                        own.oneOf("unit", Unit.class),
                        gamma(own),
                        holes(own));
            case OPTIMAL_TOKEN_BASELINE ->
                new OptimalTokenBaseline(
                        own.oneOf("single", Single.class),
                        own.oneOf("align", Align.class),
                        own.bool("zero-tail"),
                        own.decimal("weight-epsilon", Range.atLeast(0)));
            case MONTE_CARLO ->
                new BranchCredit(
                        branching(own), gamma(own), own.decimal("branch-lambda", Range.between(0, 1)), holes(own));
            case GAE ->
                new GaeCredit(
                        gamma(own),
                        own.decimal("lambda", Range.between(0, 1)),
                        own.optionalDecimal("returns-lambda", Range.between(0, 1)),
                        own.optionalDecimal("length-adaptive-lambda", Range.positive()),
                        own.oneOf("unit", Unit.class),
                        holes(own),
                        own.bool("bootstrap-truncated"),
                        own.bool("scale-rewards"));
        };
    }

    private static Optional<Double> limit(ConfigReader own) {
        return own.optionalDecimal("advantage-limit", Range.positive());
    }

    private static Penalty penalty(ConfigReader own) {
        return own.oneOf("penalty", Penalty.class);
    }

    private static double gamma(ConfigReader own) {
        return own.decimal("gamma", Range.between(0, 1));
    }

    private static Branching branching(ConfigReader own) {
        return new Branching(
                own.integer("branch-every", Range.atLeast(1)), own.integer("branch-samples", Range.atLeast(1)));
    }

    private static Holes holes(ConfigReader own) {
        return own.oneOf("holes", Holes.class);
    }
}
