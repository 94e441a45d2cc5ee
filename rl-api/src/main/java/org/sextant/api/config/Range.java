// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.config;

/**
 * Numbers that a setting accepts. NaN and infinities are never accepted.
 *
 * @param low smallest
 * @param lowOpen whether {@code low} itself is excluded
 * @param high largest
 * @param highOpen whether {@code high} itself is excluded
 */
public record Range(double low, boolean lowOpen, double high, boolean highOpen) {
    /** From low to high, high included. */
    public Range(double low, boolean lowOpen, double high) {
        this(low, lowOpen, high, false);
    }

    /** Every number. */
    public static Range any() {
        return new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY);
    }

    /** Low and above. */
    public static Range atLeast(double low) {
        return new Range(low, false, Double.POSITIVE_INFINITY);
    }

    /** Above 0. */
    public static Range positive() {
        return new Range(0, true, Double.POSITIVE_INFINITY);
    }

    /** Low to high, both included. */
    public static Range between(double low, double high) {
        return new Range(low, false, high);
    }

    /** Low to below high: {@code low <= x < high}. */
    public static Range halfOpen(double low, double high) {
        return new Range(low, false, high, true);
    }

    /** Whether a setting may have this value. */
    public boolean contains(double value) {
        return Double.isFinite(value)
                && (lowOpen ? value > low : value >= low)
                && (highOpen ? value < high : value <= high);
    }

    /** For messages: {@code at least 2}, {@code above 0}, {@code 0 to 1}, {@code at least 0, below 1}. */
    public String describe() {
        boolean hasLow = low != Double.NEGATIVE_INFINITY;
        boolean hasHigh = high != Double.POSITIVE_INFINITY;
        if (hasLow && hasHigh && !lowOpen && !highOpen) {
            return text(low) + " to " + text(high);
        }
        String from = hasLow ? (lowOpen ? "above " : "at least ") + text(low) : "";
        String to = hasHigh ? (highOpen ? "below " : "at most ") + text(high) : "";
        return hasLow || hasHigh ? from + (hasLow && hasHigh ? ", " : "") + to : "any number";
    }

    private static String text(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }
}
