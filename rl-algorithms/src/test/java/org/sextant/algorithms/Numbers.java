// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Comparisons of arrays within relative and absolute tolerance. */
public final class Numbers {
    private Numbers() {}

    /** {@code |found - expected| <= tolerance · (1 + |expected|)} for each number. */
    public static void assertNear(String what, double[] found, double[] expected, double tolerance) {
        assertNear(what, found, expected, null, tolerance);
    }

    /** The same where the mask holds; null compares everything. */
    public static void assertNear(String what, double[] found, double[] expected, boolean[] mask, double tolerance) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            if (mask == null || mask[i]) {
                assertNear(what + "[" + i + "]", found[i], expected[i], tolerance);
            }
        }
    }

    public static void assertNear(String what, double found, double expected, double tolerance) {
        assertThat(found).as(what).isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
    }
}
