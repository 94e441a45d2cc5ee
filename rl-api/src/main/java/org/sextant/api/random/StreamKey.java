// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.random;

/**
 * What a stream of random numbers is for. Two equal keys of one seed give the same numbers, whatever ran before.
 *
 * @param purpose a fixed word: {@code "sample"}, {@code "shuffle"}, {@code "init"}; evaluation has its own
 * @param step training step, or 0
 * @param item number of the question or group, or 0
 * @param sample number of the sample, or 0
 */
public record StreamKey(String purpose, long step, long item, long sample) {
    public static StreamKey of(String purpose) {
        return new StreamKey(purpose, 0, 0, 0);
    }
}
