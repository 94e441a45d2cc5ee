// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/** How fast kernels read memory that no cache holds: the check for numbers that are not finite reads each once and does little else. */
final class ReadBandwidth {
    private static final int COLUMNS = 1024;
    private static final int ROWS = 1 << 18;
    private static final int REPEATS = 8;

    private ReadBandwidth() {}

    /** Bytes in a second, best of several readings of 1 GiB of float32. */
    static double bytesPerSecond(Kernels kernels) {
        try (MemoryArena arena = kernels.arena("bandwidth")) {
            Tensor memory = arena.allocate("memory", ROWS, COLUMNS);
            // Memory that nobody wrote to is one page, seen everywhere.
            kernels.zero(memory, ROWS);
            double best = 0;
            for (int i = 0; i < REPEATS; i++) {
                long start = System.nanoTime();
                if (kernels.firstNonFiniteRow(memory, ROWS) >= 0) {
                    throw new IllegalStateException("fresh memory is not zero");
                }
                best = Math.max(best, arena.bytes() * 1e9 / (System.nanoTime() - start));
            }
            return best;
        }
    }
}
