// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** The upper half of a float32. */
final class Bfloat16 {
    private Bfloat16() {}

    /** The nearest bfloat16 in the lower 16 bits, ties to even; beyond the largest one infinity, as IEEE 754 rounds. */
    static int bits(float x) {
        int bits = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) {
            return bits >>> 16 | 0x40;
        }
        return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }

    static float value(int bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static float rounded(float x) {
        return value(bits(x));
    }
}
