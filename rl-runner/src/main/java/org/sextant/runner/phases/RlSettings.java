// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.model.OptimiserSettings;

/**
 * Settings of phase {@code rl}.
 *
 * @param steps collect-and-learn rounds
 * @param promptsPerStep questions of one round; the algorithm says how many answers each gets
 * @param epochs passes over a round's rows
 * @param miniBatches optimiser steps of one pass
 */
record RlSettings(int steps, int promptsPerStep, int epochs, int miniBatches, OptimiserSettings optimiser) {
    static RlSettings read(ConfigReader own) {
        return new RlSettings(
                own.integer("steps", Range.atLeast(0)),
                own.integer("prompts-per-step", Range.atLeast(1)),
                own.integer("epochs", Range.atLeast(1)),
                own.integer("mini-batches", Range.atLeast(1)),
                OptimiserSettings.read(own.object("optimiser")));
    }

    int optimiserSteps() {
        return steps * epochs * miniBatches;
    }
}
