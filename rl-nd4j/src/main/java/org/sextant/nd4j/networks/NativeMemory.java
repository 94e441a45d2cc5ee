// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

/**
 * Lets go of the arrays that a graph's passes leave behind. They lie outside the Java heap and are freed when the collector finds them dead, but the heap
 * fills so slowly that it would not look before gigabytes have gathered; so it is told to each time this much has.
 */
final class NativeMemory {
    private static final long MOST = 256L << 20;

    private final long bytesPerToken;
    private long left;

    NativeMemory(long bytesPerToken) {
        this.bytesPerToken = bytesPerToken;
    }

    /** Says that a pass over so many tokens, filling included, has been made. */
    void passed(long tokens) {
        left += bytesPerToken * tokens;
        if (left > MOST) {
            left = 0;
            System.gc();
        }
    }
}
