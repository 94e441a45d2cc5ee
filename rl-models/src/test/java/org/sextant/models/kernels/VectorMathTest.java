// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    private static final int POINTS = 1 << 15;

    private static float[] exp(float[] x) {
        try (Arena memory = Arena.ofConfined()) {
            long address = memory.allocate((long) x.length * Float.BYTES, 64).address();
            for (int i = 0; i < x.length; i++) {
                Lanes.set(address + (long) i * Float.BYTES, x[i]);
            }
            VectorMath.exp(address, x.length);
            float[] y = new float[x.length];
            Lanes.copy(address, y, 0, y.length);
            return y;
        }
    }

    @Test
    void exponentialIsWithinOneAndAHalfUnitsInTheLastPlace() {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        Random random = new Random(1);
        float[] x = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = i % 2 == 0 ? (float) (random.nextDouble() * 174 - 86.5) : (float) random.nextGaussian();
        }
        float[] y = exp(x);
        for (int i = 0; i < POINTS; i++) {
            double expected = Math.exp(x[i]);
            assertThat((double) y[i]).as("exp(%s)", x[i]).isCloseTo(expected, within(1.5 * Math.ulp((float) expected)));
        }
    }

    @Test
    void exponentialAtTheEnds() {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        float[] x = new float[16];
        x[1] = -0f;
        x[2] = Float.NEGATIVE_INFINITY;
        x[3] = -1e30f;
        x[4] = -87f;
        x[5] = Float.NaN;
        float[] y = exp(x);
        assertThat(new float[] {y[0], y[1], y[2], y[3], y[4], y[5]}).containsExactly(1, 1, 0, 0, 0, Float.NaN);
    }

    @Test
    void whatIsNoNumberStaysNoNumber() {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        float[] x = new float[16];
        for (int i = 0; i < x.length; i++) {
            x[i] = Float.intBitsToFloat((i % 2 == 0 ? 0x7fc00000 : 0xff800000) + 1 + i * 0x1357);
        }
        for (float y : exp(x)) {
            assertThat(y).isNaN();
        }
    }
}
