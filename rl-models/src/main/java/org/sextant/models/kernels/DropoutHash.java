// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Which elements dropout keeps: a hash of (seed, row, column), so that no mask is stored and no order of computation
 * changes it. Rows get a key of 64 bits (SplitMix64, Steele et al. 2014); columns are mixed into it by 32-bit
 * multiplications and shifts, which vectors have.
 */
public final class DropoutHash {
    /** Odd, 2^32 divided by the golden ratio: consecutive columns begin far apart. */
    static final int STEP = 0x9e3779b9;

    /** Multipliers of a 32-bit mixing function of low bias (Wellons 2018, "Prospecting for Hash Functions"). */
    static final int MIX_1 = 0x21f0aaad;

    static final int MIX_2 = 0xd35a2d97;

    /** Bits of the hash that are compared with the probability. */
    private static final int BITS = 24;

    private DropoutHash() {}

    public static long key(long seed, int row) {
        long z = seed + (row + 1L) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Hashes below it are dropped. */
    public static int threshold(double probability) {
        return (int) Math.round(probability * (1 << BITS));
    }

    public static boolean keeps(long key, int column, int threshold) {
        int h = mixed(column * STEP + (int) key);
        return mixed(h + (int) (key >>> 32)) >>> 32 - BITS >= threshold;
    }

    private static int mixed(int h) {
        h = (h ^ h >>> 16) * MIX_1;
        h = (h ^ h >>> 15) * MIX_2;
        return h ^ h >>> 15;
    }
}
