// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of float32 numbers in memory, the same bits compiled or not and at every width (the library's own exp is
 * neither). Counts are multiples of {@link Lanes#COUNT}; callers fill up what they have.
 */
final class VectorMath {
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
    private static final FloatVector ONE = Lanes.broadcast(1f);
    private static final FloatVector ZERO = Lanes.broadcast(0f);
    private static final IntVector ONE_BITS = ONE.reinterpretAsInts();
    private static final FloatVector LOWEST = Lanes.broadcast(-86.6f);
    private static final FloatVector HIGHEST = Lanes.broadcast(86.6f);

    private static MethodHandle loop = OutOfLine.handle(MethodHandles.lookup(), "loop");
    private static MethodHandle gradient = OutOfLine.handle(MethodHandles.lookup(), "gradient");
    private static MethodHandle weights = OutOfLine.handle(MethodHandles.lookup(), "weights");

    private VectorMath() {}

    /**
     * Replaces n numbers x ≤ 88 by exp(x); at most 1.5 units in the last place off; 0 below −86.6, where the true value
     * is under 2.5e-38.
     */
    static void exp(long x, int n) {
        try {
            loop.invokeExact(x, n);
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    /** Writes {@code exp(scale · score − maximum)} for n positions, 0 for a score of −∞; returns the sum. */
    static double weigh(long scores, int n, float scale, float maximum, float[] weights, int at) {
        try {
            return (double) VectorMath.weights.invokeExact(scores, n, scale, maximum, weights, at);
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    private static double weights(long scores, int n, float scale, float maximum, float[] weights, int at) {
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector score = Lanes.load(scores + (long) i * Float.BYTES);
            FloatVector weight = exp(score.mul(scale).sub(maximum));
            weight.intoArray(weights, at + i);
            sum = sum.add(weight);
        }
        return Lanes.sum(sum);
    }

    /**
     * Replaces n scores by {@code p = exp(scale · score − logSumExp)}, and gradients of weights by those of scores, {@code scale · p · (dWeight −
     * along)}.
     */
    static void weighGradient(long scores, long dWeights, int n, float scale, float logSumExp, float along) {
        try {
            gradient.invokeExact(scores, dWeights, n, scale, logSumExp, along);
        } catch (Throwable e) {
            throw OutOfLine.rethrown(e);
        }
    }

    private static void gradient(long scores, long dWeights, int n, float scale, float logSumExp, float along) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector weight = exp(Lanes.load(scores + at).mul(scale).sub(logSumExp));
            Lanes.store(weight, scores + at);
            Lanes.store(Lanes.load(dWeights + at).sub(along).mul(weight).mul(scale), dWeights + at);
        }
    }

    /** {@code y = 1 / (1 + exp(−x))}; below −86.6 what it is there, 2.5e-38. In three loops, which are faster than one. */
    static void sigmoid(long x, int n, long y) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            Lanes.store(ZERO.sub(Lanes.load(x + (long) i * Float.BYTES)).min(HIGHEST), y + (long) i * Float.BYTES);
        }
        exp(y, n);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = y + (long) i * Float.BYTES;
            Lanes.store(ONE.div(Lanes.load(at).add(ONE)), at);
        }
    }

    /**
     * Argument reduction and polynomial of Cephes' expf (Moshier): x = n·ln 2 + r, exp(r) = 1 + r + r²·p(r), then
     * times 2ⁿ. NaN stays NaN: what a NaN does to the exponent is multiplied by it.
     */
    private static void loop(long x, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = x + (long) i * Float.BYTES;
            Lanes.store(exp(Lanes.load(at)), at);
        }
    }

    private static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(LOG2_E, ROUNDER);
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p = P0.fma(r, P1).fma(r, P2).fma(r, P3).fma(r, P4).fma(r, P5);
        p = p.fma(r.mul(r), r).add(ONE);
        FloatVector power = shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(ONE_BITS)
                .reinterpretAsFloats();
        return p.mul(power).blend(ZERO, x.compare(VectorOperators.LT, LOWEST));
    }
}
