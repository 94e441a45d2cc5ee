// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import org.sextant.models.kernels.Bfloat16;

/**
 * The two types of half size, BF16 (the upper half of a float) and F16 (IEEE binary16), in bulk: loops over Java arrays, which the compiler
 * turns into vector instructions.
 */
final class HalfNumbers {
    /** Midway between the largest BF16 and 2^128: from here on numbers are rounded to infinity. */
    private static final float BF16_OVERFLOW = 0x1.FFp127f;
    /** Midway between the largest F16, 65504, and 2^16. */
    private static final float F16_OVERFLOW = 65520;

    private HalfNumbers() {}

    /** Exact. */
    static void widen(ElementType type, short[] from, float[] into, int count) {
        if (type == ElementType.BF16) {
            for (int i = 0; i < count; i++) {
                into[i] = Bfloat16.value(from[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                into[i] = Float.float16ToFloat(from[i]);
            }
        }
    }

    /** To the nearest, ties to even. */
    static void narrow(ElementType type, float[] from, short[] into, int count) {
        if (type == ElementType.BF16) {
            for (int i = 0; i < count; i++) {
                into[i] = (short) Bfloat16.bits(from[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                into[i] = Float.floatToFloat16(from[i]);
            }
        }
    }

    /** Whether a finite number would become infinite. */
    static boolean overflows(ElementType type, float[] from, int count) {
        float limit = type == ElementType.BF16 ? BF16_OVERFLOW : F16_OVERFLOW;
        float largest = 0;
        for (int i = 0; i < count; i++) {
            float size = Math.abs(from[i]);
            largest = Math.max(largest, size < Float.POSITIVE_INFINITY ? size : 0);
        }
        return largest >= limit;
    }
}
