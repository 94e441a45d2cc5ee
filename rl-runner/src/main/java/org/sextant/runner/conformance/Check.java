// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.Locale;

/**
 * Compares what was computed with what a case expects. Remembers the worst error and the first few disagreements of the
 * case. The error of a number is {@code |found - expected| / max(1, |expected|)}.
 */
final class Check {
    /** Error of a number that should be finite and is not, or the reverse. */
    static final double NOT_COMPARABLE = Double.MAX_VALUE;

    private final Case given;
    private final StringBuilder disagreements = new StringBuilder();
    private int compared;
    private int wrong;
    private double worst;

    Check(Case given) {
        this.given = given;
    }

    /** A result computed in double, whatever the kernels. */
    void value(String field, double[] found) {
        value(field, found, null, Precision.DOUBLE);
    }

    /** The same, inside a mask. */
    void value(String field, double[] found, boolean[] mask) {
        value(field, found, mask, Precision.DOUBLE);
    }

    void value(String field, double found) {
        value(field, new double[] {found}, null, Precision.DOUBLE);
    }

    /** A result, inside a mask ({@code null}: everywhere), computed with this precision. */
    void value(String field, double[] found, boolean[] mask, Precision implementation) {
        near(field, found, mask, Tolerance.value(implementation.coarser(given.precision()), given.largeNumbers()));
    }

    /** A result computed in double, where the source is at best this exact. */
    void value(String field, double[] found, boolean[] mask, Tolerance source) {
        near(field, found, mask, source.coarser(Tolerance.value(given.precision(), given.largeNumbers())));
    }

    /** A gradient computed in double; outside the mask it must be exactly 0. */
    void gradient(String field, double[] found, boolean[] mask) {
        gradient(field, found, mask, Precision.DOUBLE);
    }

    void gradient(String field, double[] found, boolean[] mask, Precision implementation) {
        if (given.gradientAtKink()) {
            return;
        }
        near(field, found, mask, Tolerance.gradient(implementation.coarser(given.precision())));
        for (int i = 0; mask != null && i < found.length; i++) {
            if (!mask[i] && found[i] != 0) {
                disagree(field, i, 0, found[i]);
            }
        }
    }

    /** A logged value, if the case has it. */
    void metric(String name, double found) {
        if (given.hasMetric(name)) {
            compare("metrics." + name, -1, given.metric(name), found, Tolerance.LOGGED);
        }
    }

    /** A logged value that is a field of its own, if the case has it. */
    void logged(String field, double found) {
        if (given.has(field)) {
            near(field, new double[] {found}, null, Tolerance.LOGGED);
        }
    }

    /** Numbers with a tolerance of their own. */
    void near(String field, double[] found, boolean[] mask, Tolerance tolerance) {
        near(field, given.values(field).flat(), found, mask, tolerance);
    }

    /** Numbers that come from elsewhere than a field of the case. */
    void near(String name, double[] expected, double[] found, boolean[] mask, Tolerance tolerance) {
        if (expected.length != found.length) {
            throw new IllegalArgumentException(
                    name + ": " + found.length + " numbers computed, " + expected.length + " expected");
        }
        for (int i = 0; i < expected.length; i++) {
            if (mask == null || mask[i]) {
                compare(name, expected.length == 1 ? -1 : i, expected[i], found[i], tolerance);
            }
        }
    }

    /** Integers and other things that are equal or not. */
    void same(String field, int[] expected, int[] found) {
        compared++;
        if (!Arrays.equals(expected, found)) {
            disagree(field, "expected " + Arrays.toString(expected) + ", found " + Arrays.toString(found));
            worst = NOT_COMPARABLE;
        }
    }

    private void compare(String name, int index, double expected, double found, Tolerance tolerance) {
        compared++;
        if (!tolerance.agree(expected, found)) {
            disagree(name, index, expected, found);
        }
        if (Double.compare(expected, found) != 0) {
            double error = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
            worst = Math.max(worst, Double.isFinite(error) ? error : NOT_COMPARABLE);
        }
    }

    private void disagree(String name, int index, double expected, double found) {
        String place = index < 0 ? name : name + "[" + index + "]";
        disagree(place, String.format(Locale.ROOT, "expected %s, found %s", expected, found));
    }

    private void disagree(String place, String what) {
        wrong++;
        if (wrong <= 3) {
            disagreements
                    .append(wrong == 1 ? "" : "; ")
                    .append(place)
                    .append(": ")
                    .append(what);
        }
    }

    /** Whether something was compared and nothing disagrees. */
    boolean passed() {
        return compared > 0 && wrong == 0;
    }

    /** What disagrees. */
    String reason() {
        if (compared == 0) {
            return "nothing was compared";
        }
        return wrong <= 3 ? disagreements.toString() : disagreements + "; and " + (wrong - 3) + " more";
    }

    double worstError() {
        return worst;
    }
}
