// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.PrimitiveCase;
import org.sextant.models.kernels.ReferenceKernels;

/** Every primitive on awkward and on large shapes, against the oracle. */
class Nd4jAgainstReferenceTest {
    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Kernels ND4J = new Nd4jKernels(2);

    @AfterAll
    static void close() {
        ND4J.close();
    }

    static Stream<PrimitiveCase> cases() {
        return Stream.concat(PrimitiveCase.small().stream(), PrimitiveCase.large().stream());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agrees(PrimitiveCase primitive) {
        primitive.assertAgrees(ND4J, REFERENCE);
    }
}
