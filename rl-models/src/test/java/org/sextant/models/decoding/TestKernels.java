// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.sextant.models.TestModels;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.VectorKernels;

/** The kernels that decoding is tested with. */
interface TestKernels {
    Kernels open();

    static Stream<Named<TestKernels>> all() {
        String named = System.getProperty(TestModels.KERNELS_PROPERTY);
        if (named != null) {
            return Stream.of(Named.of(named, () -> KernelsChoice.of(named).open(1)));
        }
        return Stream.of(Named.of("reference", ReferenceKernels::new), Named.of("vector", () -> new VectorKernels(2)));
    }
}
