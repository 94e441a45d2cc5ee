// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

/**
 * Numbers of rows rounded up, at most an eighth of them in vain. ND4J's library keeps, for every shape that it has gathered, reduced or repeated rows
 * of, some bytes a row, and never gives them back: what varies freely must not become a shape.
 */
final class Sizes {
    private static final int EXACT = 8;

    private Sizes() {}

    /** The next number with no more than four binary digits before its zeros. */
    static int rounded(int n) {
        if (n <= EXACT) {
            return n;
        }
        int step = Integer.highestOneBit(n) / EXACT;
        return Math.ceilDiv(n, step) * step;
    }
}
