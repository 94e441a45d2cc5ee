// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How fast one thread reads memory that no cache holds. */
final class ReadBandwidth {
    private static final long BYTES = 1L << 30;
    private static final int REPEATS = 5;

    private ReadBandwidth() {}

    /** Bytes in a second, best of several readings of 1 GiB. */
    static double bytesPerSecond() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(BYTES, 64);
            memory.fill((byte) 1);
            double best = 0;
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                long sum = sum(memory);
                double seconds = (System.nanoTime() - start) / 1e9;
                // The sum is known, so that reading cannot be left out.
                if (sum != (BYTES / Long.BYTES) * 0x0101010101010101L) {
                    throw new IllegalStateException("memory reads back " + sum);
                }
                best = Math.max(best, BYTES / seconds);
            }
            return best;
        }
    }

    private static long sum(MemorySegment memory) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (long at = 0; at < BYTES; at += 4 * Long.BYTES) {
            a += memory.get(ValueLayout.JAVA_LONG, at);
            b += memory.get(ValueLayout.JAVA_LONG, at + 8);
            c += memory.get(ValueLayout.JAVA_LONG, at + 16);
            d += memory.get(ValueLayout.JAVA_LONG, at + 24);
        }
        return a + b + c + d;
    }
}
