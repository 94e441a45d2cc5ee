// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.util.function.LongSupplier;

/** Guesses how long a phase still takes, from the steps of this phase that this process has done. */
final class Pace {
    private final LongSupplier nanos;
    private long start;
    private int first;

    Pace(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A phase begins or goes on at a step. */
    void start(int fromStep) {
        start = nanos.getAsLong();
        first = fromStep;
    }

    /** Seconds until {@code steps} are done, when {@code done} are. */
    double secondsLeft(int done, int steps) {
        double each = (nanos.getAsLong() - start) * 1e-9 / Math.max(1, done - first);
        return each * (steps - done);
    }
}
