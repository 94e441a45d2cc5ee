// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;

/**
 * Cosines and sines of positions times frequencies, {@code [positions][cos | sin][headSize / 2]}, computed in double.
 */
final class RotaryTable {
    private final VectorArena arena;
    private final double[] frequencies;
    private final double scaling;
    private long address;
    private int positions;

    RotaryTable(VectorArena arena, double[] frequencies, double scaling) {
        this.arena = arena;
        this.frequencies = frequencies.clone();
        this.scaling = scaling;
    }

    boolean isOf(double[] frequencies, double scaling) {
        return this.scaling == scaling && Arrays.equals(this.frequencies, frequencies);
    }

    /** Makes sure that positions below {@code needed} are there. */
    void reach(int needed) {
        if (needed <= positions) {
            return;
        }
        int half = frequencies.length;
        positions = Math.max(256, Integer.highestOneBit(needed - 1) << 1);
        address = arena.reserve("rotary table", 2L * positions * half * Float.BYTES);
        for (int p = 0; p < positions; p++) {
            for (int i = 0; i < half; i++) {
                long at = cosines(p) + (long) i * Float.BYTES;
                Lanes.set(at, (float) (Math.cos(p * frequencies[i]) * scaling));
                Lanes.set(at + (long) half * Float.BYTES, (float) (Math.sin(p * frequencies[i]) * scaling));
            }
        }
    }

    long cosines(int position) {
        return address + 2L * position * frequencies.length * Float.BYTES;
    }
}
