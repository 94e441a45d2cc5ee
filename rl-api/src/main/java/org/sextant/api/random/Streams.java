// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.random;

import java.nio.charset.StandardCharsets;

/**
 * Derives random streams from a seed and a {@link StreamKey}. There is no global generator: a run with the same seed
 * draws the same numbers for the same purpose, step, item and sample, in any order, on any number of threads, after any
 * resume.
 */
public record Streams(long seed) {
    /** A fresh stream for this key. */
    public Stream open(StreamKey key) {
        long state = Stream.mix(seed ^ 0x9E3779B97F4A7C15L);
        for (byte b : key.purpose().getBytes(StandardCharsets.UTF_8)) {
            state = Stream.mix(state ^ (b & 0xff));
        }
        state = Stream.mix(state ^ key.step());
        state = Stream.mix(state ^ Long.rotateLeft(key.item(), 21));
        state = Stream.mix(state ^ Long.rotateLeft(key.sample(), 42));
        return new Stream(state);
    }
}
