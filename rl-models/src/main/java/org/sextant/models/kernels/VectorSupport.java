// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/**
 * The only class that names the vector module to {@link KernelsChoice}, so that it is not loaded where the module is
 * missing.
 */
final class VectorSupport {
    private VectorSupport() {}

    static Optional<String> whyNot() {
        Integer forced = Integer.getInteger(Lanes.BITS_PROPERTY);
        if (forced != null) {
            return forced == 256 || forced == 512
                    ? Optional.empty()
                    : Optional.of("The vector kernels need vectors of 256 or 512 bit, and -D" + Lanes.BITS_PROPERTY
                            + " forces " + forced + " bit.");
        }
        int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        if (bits >= 256) {
            return Optional.empty();
        }
        return Optional.of(
                "The vector kernels need vectors of at least 256 bit (AVX2), and this machine has " + bits + " bit.");
    }

    static Kernels open(int threads) {
        return new VectorKernels(threads);
    }
}
