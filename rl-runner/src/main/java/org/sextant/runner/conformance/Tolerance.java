// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

/**
 * Numbers agree when {@code |found - expected| <= absolute + relative · |expected|}. The values are those of the golden set's own
 * description.
 */
record Tolerance(double relative, double absolute) {
    /** Double arithmetic against double. */
    static final Tolerance DOUBLE = new Tolerance(1e-9, 1e-9);
    /** Logged values, and double arithmetic where the source mixes in a float32 number. */
    static final Tolerance LOGGED = new Tolerance(1e-6, 1e-6);

    private static final Tolerance FLOAT_VALUE = new Tolerance(1e-4, 1e-5);
    private static final Tolerance FLOAT_GRADIENT = new Tolerance(1e-3, 1e-6);
    private static final Tolerance FLOAT_LARGE_VALUE = new Tolerance(1e-3, 1e-5);

    /** Losses, advantages and other results. */
    static Tolerance value(Precision precision, boolean largeNumbers) {
        return precision == Precision.DOUBLE ? DOUBLE : largeNumbers ? FLOAT_LARGE_VALUE : FLOAT_VALUE;
    }

    static Tolerance gradient(Precision precision) {
        return precision == Precision.DOUBLE ? DOUBLE : FLOAT_GRADIENT;
    }

    /** What both tolerate. */
    Tolerance coarser(Tolerance other) {
        return new Tolerance(Math.max(relative, other.relative), Math.max(absolute, other.absolute));
    }

    /** Equal bits, both NaN, or finite and near enough. */
    boolean agree(double expected, double found) {
        if (Double.isNaN(expected) || Double.isInfinite(expected) || !Double.isFinite(found)) {
            return Double.compare(expected, found) == 0;
        }
        return Math.abs(found - expected) <= absolute + relative * Math.abs(expected);
    }
}
