// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * The upper half of a float32. Its numbers are made from floats: a double is rounded to the nearest float first, so that kernels in double hold what
 * those for vectors hold.
 */
public final class Bfloat16 {
    private static final int JUST_BELOW_HALF = 0x7FFF;
    private static final int QUIET_NAN = 0x40;

    private Bfloat16() {}

    /** The nearest bfloat16 in the lower 16 bits, ties to even; beyond the largest one infinity, as IEEE 754 rounds. */
    public static int bits(float x) {
        int bits = Float.floatToRawIntBits(x);
        int nearest = bits + JUST_BELOW_HALF + (bits >>> Short.SIZE & 1) >>> Short.SIZE;
        // A NaN must stay one, not be carried over to zero or infinity.
        return Float.isNaN(x) ? bits >>> Short.SIZE | QUIET_NAN : nearest;
    }

    /** Exact; what is above the lower 16 bits does not count. */
    public static float value(int bits) {
        return Float.intBitsToFloat(bits << Short.SIZE);
    }

    public static float rounded(float x) {
        return value(bits(x));
    }
}
