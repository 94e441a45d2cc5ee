// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.random;

import java.util.random.RandomGenerator;

/**
 * SplitMix64 (Steele, Lea and Flood 2014): the n-th number is a hash of state + n·γ. Whole numbers, uniform and normal
 * ones are written out here, so that the numbers of a seed do not change with the JDK. One thread uses a stream.
 */
public final class Stream implements RandomGenerator {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private long state;
    private double spare;
    private boolean hasSpare;

    Stream(long state) {
        this.state = state;
    }

    @Override
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in 0 … bound-1: the high half of a 64 × 64 bit product, whose bias is below bound / 2^64. */
    @Override
    public long nextLong(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("a bound of " + bound + "; it must be above 0");
        }
        return Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** Uniform in 0 … bound-1. */
    @Override
    public int nextInt(int bound) {
        return (int) nextLong(bound);
    }

    /** Uniform in origin … bound-1. */
    @Override
    public int nextInt(int origin, int bound) {
        return (int) (origin + nextLong((long) bound - origin));
    }

    /**
     * Standard normal, by Marsaglia's polar method (1964); the second number of each pair is kept for the next call.
     */
    @Override
    public double nextGaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double u;
        double v;
        double square;
        do {
            u = 2 * nextDouble() - 1;
            v = 2 * nextDouble() - 1;
            square = u * u + v * v;
        } while (square >= 1 || square == 0);
        double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spare = v * factor;
        hasSpare = true;
        return u * factor;
    }

    /** Uniform in [0, 1) with 53 bits. */
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** A random order of 0 … n-1 (Fisher-Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
