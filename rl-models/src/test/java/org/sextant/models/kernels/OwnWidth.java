// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;

/** Vector kernels of the machine's own width with one, two and three threads. */
final class OwnWidth {
    private OwnWidth() {}

    static List<Kernels> byThreads() {
        int bits = Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 256, 512);
        return IntStream.rangeClosed(1, 3)
                .mapToObj(threads -> ForcedWidth.kernels(bits, threads))
                .toList();
    }
}
