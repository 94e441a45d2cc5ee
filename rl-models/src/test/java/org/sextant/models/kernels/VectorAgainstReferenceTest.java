// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every primitive of the vector kernels, at both widths, with one thread and with two, against the oracle. */
class VectorAgainstReferenceTest {
    private static final boolean WIDE_IS_EMULATED = FloatVector.SPECIES_PREFERRED.vectorBitSize() < 512;

    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Kernels NARROW = ForcedWidth.kernels(256, 1);
    private static final Kernels NARROW_SHARED = ForcedWidth.kernels(256, 2);
    private static final Kernels WIDE = ForcedWidth.kernels(512, 1);
    private static final Kernels WIDE_SHARED = ForcedWidth.kernels(512, 2);

    @AfterAll
    static void close() {
        List.of(NARROW, NARROW_SHARED, WIDE, WIDE_SHARED).forEach(Kernels::close);
    }

    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (PrimitiveCase c : PrimitiveCase.small()) {
            all.add(Arguments.of(NARROW, NARROW_SHARED, c));
            all.add(Arguments.of(WIDE, WIDE_SHARED, c));
        }
        for (PrimitiveCase c : PrimitiveCase.large()) {
            all.add(Arguments.of(NARROW, NARROW_SHARED, c));
            if (!WIDE_IS_EMULATED) {
                all.add(Arguments.of(WIDE, WIDE_SHARED, c));
            }
        }
        return all.stream();
    }

    static Stream<Arguments> emulated() {
        return PrimitiveCase.large().stream().map(c -> Arguments.of(WIDE, WIDE_SHARED, c));
    }

    @Tag("slow")
    @ParameterizedTest(name = "{2}", autoCloseArguments = false)
    @MethodSource("emulated")
    void agreesEmulated(Kernels kernels, Kernels shared, PrimitiveCase primitive) {
        assumeThat(WIDE_IS_EMULATED).isTrue();
        agrees(kernels, shared, primitive);
    }

    @ParameterizedTest(name = "{2}", autoCloseArguments = false)
    @MethodSource("cases")
    void agrees(Kernels kernels, Kernels shared, PrimitiveCase primitive) {
        primitive.assertAgrees(kernels, REFERENCE);
        List<double[][]> actual = primitive.on(kernels);
        List<double[][]> withTwo = primitive.on(shared);
        for (int output = 0; output < actual.size(); output++) {
            assertThat(Arrays.deepEquals(withTwo.get(output), actual.get(output)))
                    .as("bits of output %d with two threads", output)
                    .isTrue();
        }
    }
}
