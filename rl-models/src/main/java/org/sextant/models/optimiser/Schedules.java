// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.optimiser;

import org.sextant.api.model.OptimiserSettings;

/**
 * Learning rates as in {@code transformers}: linear warm-up from 0, then constant, linear or half a cosine (SGDR, arXiv 1608.03983) down to a
 * share of the peak. All give a factor of the peak; {@code step} counts from 0, so the first step of a warm-up has factor 0.
 */
public final class Schedules {
    private Schedules() {}

    /** Learning rate of a step. Beyond {@code totalSteps} the last one stays. */
    public static double learningRate(OptimiserSettings settings, long step, long totalSteps) {
        return settings.learningRate() * factor(settings, step, totalSteps);
    }

    private static double factor(OptimiserSettings s, long step, long totalSteps) {
        if (step < s.warmupSteps()) {
            return warmup(step, s.warmupSteps());
        }
        double done = progress(step - s.warmupSteps(), totalSteps - s.warmupSteps());
        return switch (s.schedule()) {
            case CONSTANT -> 1;
            case LINEAR -> linear(done, s.finalShare());
            case COSINE -> cosine(done, s.finalShare());
        };
    }

    /** {@code step / warmupSteps}. */
    public static double warmup(long step, long warmupSteps) {
        return (double) step / warmupSteps;
    }

    /** Share of the steps that are done, from 0 to 1; 1 if there are none. */
    public static double progress(long step, long steps) {
        return steps <= 0 ? 1 : Math.min(1, (double) step / steps);
    }

    /** From 1 to {@code finalShare} along a line. */
    public static double linear(double progress, double finalShare) {
        return finalShare + (1 - finalShare) * (1 - progress);
    }

    /** From 1 to {@code finalShare} along half a cosine. */
    public static double cosine(double progress, double finalShare) {
        return finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
