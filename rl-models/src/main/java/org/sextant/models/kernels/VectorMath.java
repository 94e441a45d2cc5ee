// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of vectors in float32, the same bits compiled or not and at every width (the library's own exp is neither). Constants
 * are vectors made once: a broadcast in the code costs the compiler so many nodes that a loop with two exponentials is no
 * longer inlined, and then every vector is boxed.
 */
final class VectorMath {
    static final FloatVector ONE = Lanes.broadcast(1f);

    private static final FloatVector LOG2_E = Lanes.broadcast(1.44269504088896341f);
    private static final FloatVector MINUS_LN2_HIGH = Lanes.broadcast(-0.693359375f);
    private static final FloatVector MINUS_LN2_LOW = Lanes.broadcast(2.12194440e-4f);

    /** 1.5 · 2^23: adding it rounds to an integer, which then stands in the low bits. */
    private static final FloatVector ROUNDER = Lanes.broadcast(12582912f);

    private static final FloatVector P0 = Lanes.broadcast(1.9875691500e-4f);
    private static final FloatVector P1 = Lanes.broadcast(1.3981999507e-3f);
    private static final FloatVector P2 = Lanes.broadcast(8.3334519073e-3f);
    private static final FloatVector P3 = Lanes.broadcast(4.1665795894e-2f);
    private static final FloatVector P4 = Lanes.broadcast(1.6666665459e-1f);
    private static final FloatVector P5 = Lanes.broadcast(5.0000001201e-1f);

    private static final FloatVector ZERO = Lanes.broadcast(0f);
    private static final FloatVector LOWEST = Lanes.broadcast(-86.6f);
    private static final FloatVector HIGHEST = Lanes.broadcast(86.6f);

    private VectorMath() {}

    /**
     * exp(x) for x ≤ 88; at most 1.5 units in the last place off; 0 below −86.6, where the true value is under 2.5e-38. Argument
     * reduction and polynomial of Cephes' expf (Moshier): x = n·ln 2 + r, exp(r) = 1 + r + r²·p(r), then n is added to the exponent.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(LOG2_E, ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p = P0.fma(r, P1).fma(r, P2).fma(r, P3).fma(r, P4).fma(r, P5);
        p = p.fma(r.mul(r), r).add(ONE);
        FloatVector power = p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
        return power.blend(ZERO, x.compare(VectorOperators.LT, LOWEST));
    }

    /** 1 / (1 + exp(−x)); below −86.6 what it is there, 2.5e-38. */
    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(exp(ZERO.sub(x).min(HIGHEST)).add(ONE));
    }
}
