// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.rollout;

/**
 * The step that a collector is told, as one number: it is part of every random stream, so all three of its parts are in it.
 *
 * @param phase position of the phase, below 2¹⁶
 * @param step of the phase
 * @param round of the step, below 2¹⁵: a step collects again when too few of its groups have a signal
 */
public record StepNumber(int phase, int step, int round) {
    /** The number for {@link org.sextant.api.rollout.Collector#collect}. */
    public long number() {
        return (long) round << 48 | (long) phase << 32 | step;
    }

    /** The parts of a number. */
    public static StepNumber of(long number) {
        return new StepNumber((int) (number >>> 32 & 0xffff), (int) number, (int) (number >>> 48));
    }
}
