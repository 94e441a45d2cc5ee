// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Numbers of half size")
class HalfNumbersTest {
    private static final int ALL = 1 << Short.SIZE;

    /** Value by the definition of the formats: sign, exponent with its bias, fraction. */
    private static double value(ElementType type, int bits) {
        int fractionBits = type == ElementType.BF16 ? 7 : 10;
        int exponentMask = type == ElementType.BF16 ? 0xFF : 0x1F;
        int exponent = bits >> fractionBits & exponentMask;
        double fraction = (bits & (1 << fractionBits) - 1) / (double) (1 << fractionBits);
        int bias = exponentMask >> 1;
        double size = exponent == exponentMask
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? Math.scalb(fraction, 1 - bias) : Math.scalb(1 + fraction, exponent - bias);
        return bits >> 15 == 0 ? size : -size;
    }

    private static short narrow(ElementType type, float number) {
        short[] into = new short[1];
        HalfNumbers.narrow(type, new float[] {number}, into, 1);
        return into[0];
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16"})
    @DisplayName("All 65,536 are widened to their value, and narrowed back to themselves")
    void all(ElementType type) {
        short[] every = new short[ALL];
        for (int bits = 0; bits < ALL; bits++) {
            every[bits] = (short) bits;
        }
        float[] wide = new float[ALL];
        HalfNumbers.widen(type, every, wide, ALL);
        short[] back = new short[ALL];
        HalfNumbers.narrow(type, wide, back, ALL);
        for (int bits = 0; bits < ALL; bits++) {
            assertThat((Double) (double) wide[bits]).as("bits %x", bits).isEqualTo((Double) value(type, bits));
            if (Float.isNaN(wide[bits])) {
                assertThat(value(type, back[bits] & 0xFFFF)).isNaN();
            } else {
                assertThat(back[bits]).isEqualTo((short) bits);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16"})
    @DisplayName("Between two neighbours the nearer is taken, and midway the one with an even last bit")
    void nearest(ElementType type) {
        int infinity = type == ElementType.BF16 ? 0x7F80 : 0x7C00;
        for (int bits = 0; bits + 1 < infinity; bits += 7) {
            float low = (float) value(type, bits);
            float high = (float) value(type, bits + 1);
            float midway = low / 2 + high / 2;
            assertThat(narrow(type, midway)).as("midway above %x", bits).isEqualTo((short) (bits + (bits & 1)));
            if (low < Math.nextDown(midway)) {
                assertThat(narrow(type, Math.nextDown(midway))).isEqualTo((short) bits);
                assertThat(narrow(type, -Math.nextUp(midway))).isEqualTo((short) (bits + 1 | 0x8000));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 65504, false",
        "F16, 65519.99, false",
        "F16, 65520, true",
        "F16, -1e5, true",
        "BF16, 0x1.FEp127, false",
        "BF16, 0x1.FEFFFEp127, false",
        "BF16, 0x1.FFp127, true",
    })
    @DisplayName("A finite number that would become infinite is noticed; one that is infinite already is not")
    void overflow(ElementType type, float number, boolean expected) {
        float[] numbers = {1, Float.NEGATIVE_INFINITY, Float.NaN, number};
        assertThat(HalfNumbers.overflows(type, numbers, 4)).isEqualTo(expected);
        assertThat(HalfNumbers.overflows(type, numbers, 3)).isFalse();
        assertThat(Float.isInfinite((float) value(type, narrow(type, number) & 0xFFFF)))
                .isEqualTo(expected);
    }
}
