// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.LongStream;

/** How fast threads together read memory that no cache holds. */
final class ReadBandwidth {
    private static final long BYTES = 1L << 30;
    private static final int REPEATS = 5;

    /** Bytes that a thread takes at a time. */
    private static final long PIECE = 1L << 24;

    private ReadBandwidth() {}

    /** Bytes in a second, best of several readings of 1 GiB. */
    static double bytesPerSecond(int threads) {
        try (Arena arena = Arena.ofShared();
                ForkJoinPool pool = new ForkJoinPool(threads)) {
            MemorySegment memory = arena.allocate(BYTES, 64);
            memory.fill((byte) 1);
            double best = 0;
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                long sum = pool.submit(() -> LongStream.range(0, BYTES / PIECE)
                                .parallel()
                                .map(piece -> sum(memory, piece * PIECE))
                                .sum())
                        .join();
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

    private static long sum(MemorySegment memory, long from) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (long at = from; at < from + PIECE; at += 4 * Long.BYTES) {
            a += memory.get(ValueLayout.JAVA_LONG, at);
            b += memory.get(ValueLayout.JAVA_LONG, at + 8);
            c += memory.get(ValueLayout.JAVA_LONG, at + 16);
            d += memory.get(ValueLayout.JAVA_LONG, at + 24);
        }
        return a + b + c + d;
    }
}
