// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.config;

/**
 * Numbers that a setting accepts. NaN and infinities are never accepted.
 *
 * @param low smallest
 * @param lowOpen whether {@code low} itself is excluded
 * @param high largest
 */
public record Range(double low, boolean lowOpen, double high) {
    public static Range any() {
        return new Range(Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY);
    }

    public static Range atLeast(double low) {
        return new Range(low, false, Double.POSITIVE_INFINITY);
    }

    public static Range positive() {
        return new Range(0, true, Double.POSITIVE_INFINITY);
    }

    public static Range between(double low, double high) {
        return new Range(low, false, high);
    }

    public boolean contains(double value) {
        return Double.isFinite(value) && (lowOpen ? value > low : value >= low) && value <= high;
    }

    /** For messages: {@code at least 2}, {@code above 0}, {@code 0 to 1}. */
    public String describe() {
        if (high != Double.POSITIVE_INFINITY && low == Double.NEGATIVE_INFINITY) {
            return "at most " + text(high);
        }
        if (high != Double.POSITIVE_INFINITY) {
            return (lowOpen ? "above " + text(low) + ", at most " : text(low) + " to ") + text(high);
        }
        return low == Double.NEGATIVE_INFINITY ? "any number" : (lowOpen ? "above " : "at least ") + text(low);
    }

    private static String text(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }
}
