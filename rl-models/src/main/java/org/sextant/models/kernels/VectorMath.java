// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Functions of vectors in float32, the same bits compiled or not and at every width (the library's own exp is neither). */
final class VectorMath {
    private static final float LOG2_E = 1.44269504088896341f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    /** 1.5 · 2^23: adding it rounds to an integer, which then stands in the low bits. */
    private static final float ROUNDER = 12582912f;

    private static final float LOWEST = -86.6f;

    private VectorMath() {}

    /**
     * exp(x) for x ≤ 88; at most 1.5 units in the last place off; 0 below −86.6, where the true value is under 2.5e-38. Argument reduction and
     * polynomial of Cephes' expf (Moshier): x = n·ln 2 + r, exp(r) = 1 + r + r²·p(r), then n is added to the exponent.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(Lanes.broadcast(LOG2_E), Lanes.broadcast(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(Lanes.broadcast(-LN2_HIGH), x);
        r = n.fma(Lanes.broadcast(-LN2_LOW), r);
        FloatVector p = Lanes.broadcast(1.9875691500e-4f).fma(r, Lanes.broadcast(1.3981999507e-3f));
        p = p.fma(r, Lanes.broadcast(8.3334519073e-3f));
        p = p.fma(r, Lanes.broadcast(4.1665795894e-2f));
        p = p.fma(r, Lanes.broadcast(1.6666665459e-1f));
        p = p.fma(r, Lanes.broadcast(5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        FloatVector power = p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
        return power.blend(0f, x.compare(VectorOperators.LT, LOWEST));
    }

    /** 1 / (1 + exp(−x)), by the exponential of a number that is never positive. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        FloatVector numerator = Lanes.broadcast(1f).blend(e, x.compare(VectorOperators.LT, 0f));
        return numerator.div(e.add(1f));
    }
}
