// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.Optional;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.model.CriticSettings;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.ReferenceSettings;

/**
 * Settings of phase {@code rl}.
 *
 * @param steps collect-and-learn rounds
 * @param promptsPerStep questions of one round; the algorithm says how many answers each gets
 * @param epochs passes over a round's rows
 * @param miniBatches optimiser steps of one pass
 * @param targetKl a step's updates end when one of them measures a larger {@code approx_kl}; empty: they never do
 * @param samplingRounds rounds of collecting in which groups without a signal are replaced; 1: none is
 * @param answers what becomes of rewards because of how answers ended
 * @param critic how a critic is trained, if the algorithm has one
 * @param reference what a KL penalty measures from, if the algorithm has one
 */
record RlSettings(
        int steps,
        int promptsPerStep,
        int epochs,
        int miniBatches,
        Optional<Double> targetKl,
        int samplingRounds,
        AnswerRewards answers,
        OptimiserSettings optimiser,
        CriticSettings critic,
        ReferenceSettings reference) {
    /** Metric that {@link #targetKl} is compared with. */
    static final String APPROX_KL = "approx_kl";

    static RlSettings read(ConfigReader own) {
        OptimiserSettings optimiser = OptimiserSettings.read(own.object("optimiser"));
        return new RlSettings(
                own.integer("steps", Range.atLeast(0)),
                own.integer("prompts-per-step", Range.atLeast(1)),
                own.integer("epochs", Range.atLeast(1)),
                own.integer("mini-batches", Range.atLeast(1)),
                own.optionalDecimal("target-kl", Range.positive()),
                own.object("dynamic-sampling").integer("rounds", Range.between(1, 100)),
                AnswerRewards.read(own.object("answers")),
                optimiser,
                CriticSettings.read(own.object("critic"), optimiser.microBatchTokens()),
                ReferenceSettings.read(own.object("reference")));
    }

    int optimiserSteps() {
        return steps * epochs * miniBatches;
    }
}
