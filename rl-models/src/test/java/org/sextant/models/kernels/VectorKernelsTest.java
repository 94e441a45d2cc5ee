// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vector kernels at the machine's own width: memory, data in and out, extremes. */
class VectorKernelsTest {
    private Kernels k;
    private MemoryArena arena;

    @BeforeEach
    void open() {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        k = KernelsChoice.VECTOR.open(1);
        arena = k.arena("test");
    }

    @AfterEach
    void close() {
        if (k != null) {
            arena.close();
            k.close();
        }
    }

    @Test
    void extremeLogitsStayFinite() {
        double[][] rows = {
            {1000.5, 1000, 999.25},
            {-4999.5, -5000, -5000.75},
            {200, -200, 0},
            {-1e9, 1, 2},
            {-1e9, -1e9, -1e9},
            {Double.NEGATIVE_INFINITY, 0, 0}
        };
        int n = rows.length;
        int[] targets = {1, 1, 1, 2, 0, 1};
        Tensor logits = Numbers.of(k, arena, rows);
        double[][] s = new double[3][n];
        k.vocabularyStatistics(logits, n, targets, 0, 1, s[0], s[1], s[2]);
        assertThat(s[0][0])
                .isEqualTo(s[0][1])
                .isCloseTo(-0.5 - Math.log(1 + Math.exp(-0.5) + Math.exp(-1.25)), within(1e-7));
        assertThat(s[0][2]).isCloseTo(-400, within(1e-6));
        assertThat(s[0][3]).isCloseTo(-Math.log1p(Math.exp(-1)), within(1e-7));
        assertThat(s[1][4]).isCloseTo(Math.log(3), within(1e-6));
        assertThat(s[1][5]).isCloseTo(Math.log(2), within(1e-7));
        assertThat(s[2]).doesNotContain(Double.NaN);
        double[] ones = {1, 1, 1, 1, 1, 1};
        k.vocabularyStatisticsBackward(logits, n, targets, 0, 1, ones, ones, ones, logits);
        assertThat(k.firstNonFiniteRow(logits, n)).isEqualTo(-1);
    }

    @Test
    void sigmoidKeepsItsDigitsInTheTails() {
        double[] gates = {-100, -80, -30, -5, -1e-3, 0, 1e-3, 5, 30, 100, -0.3, 2.5, -17};
        double[] row = new double[2 * gates.length];
        for (int i = 0; i < gates.length; i++) {
            row[i] = gates[i];
            row[gates.length + i] = 1;
        }
        Tensor y = arena.allocate("y", 1, gates.length);
        k.swiGlu(Numbers.of(k, arena, new double[][] {row}), 1, y);
        for (int i = 0; i < gates.length; i++) {
            double g = (float) gates[i];
            double expected = g / (1 + Math.exp(-g));
            assertThat(k.get(y, 0, i)).as("silu(%s)", g).isCloseTo(expected, within(4e-7 * Math.abs(expected) + 1e-35));
        }
    }

    @Test
    void firstNonFiniteRowIsFoundInAnyColumn() {
        Tensor t = Numbers.random(k, arena, "t", 5, 19, 1);
        assertThat(k.firstNonFiniteRow(t, 5)).isEqualTo(-1);
        k.set(t, 4, 18, Double.NaN);
        k.set(t, 3, 16, Double.NEGATIVE_INFINITY);
        assertThat(k.firstNonFiniteRow(t, 3)).isEqualTo(-1);
        assertThat(k.firstNonFiniteRow(t, 5)).isEqualTo(3);
    }

    @Test
    void loadsAndStoresLittleEndianFloats() {
        Tensor t = arena.allocate("t", 3, 2);
        try (Arena memory = Arena.ofConfined()) {
            byte[] oneAndMinusTwo = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0};
            MemorySegment bytes = memory.allocateFrom(ValueLayout.JAVA_BYTE, oneAndMinusTwo);
            k.load(t, 1, 1, bytes);
            assertThat(Numbers.read(k, t)).isDeepEqualTo(new double[][] {{0, 0}, {1, -2}, {0, 0}});
            MemorySegment back = memory.allocate(8);
            k.store(t, 1, 1, back);
            assertThat(back.mismatch(bytes)).isEqualTo(-1);
        }
    }

    @Test
    void aWeightIsHeldOnceInPanels() {
        int width = GemmTiles.WIDTH;
        try (MemoryArena actor = k.arena("actor")) {
            Tensor w = actor.allocateWeight("w", width + 1, 5, WeightFormat.FLOAT);
            assertThat(actor.bytes()).isEqualTo(2L * width * 5 * Float.BYTES);
            k.linear(arena.allocate("x", 1, 5), 1, w, null, arena.allocate("y", 1, width + 1));
            assertThat(actor.bytes()).isEqualTo(2L * width * 5 * Float.BYTES);
            actor.allocateWeight("half", width + 1, 5, WeightFormat.BF16);
            assertThat(actor.bytes()).isEqualTo(3L * width * 5 * Float.BYTES);
        }
        assertThat(k.memory()).anySatisfy(use -> {
            assertThat(use.role()).isEqualTo("actor");
            assertThat(use.bytes()).isZero();
            assertThat(use.peakBytes()).isEqualTo(3L * width * 5 * Float.BYTES);
            assertThat(use.allocations()).isEqualTo(2);
        });
    }

    @Test
    void memoryThatIsNotThereIsAskedForByNameAndRole() {
        arena.allocate("small", 1, 16);
        assertThatThrownBy(() -> arena.allocate("huge", 1 << 28, 1 << 20))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining(
                        "no memory for huge of role test: wanted 1125899906842624 bytes, " + "the role holds 64 bytes");
    }

    @Test
    void aTensorOfAClosedArenaIsRefused() {
        MemoryArena closed = k.arena("closed");
        Tensor t = closed.allocate("t", 1, 1);
        closed.close();
        assertThatThrownBy(() -> k.get(t, 0, 0)).hasMessage("arena closed is closed: t cannot be used");
        assertThatThrownBy(() -> k.get(new ReferenceKernels().arena("other").allocate("t", 1, 1), 0, 0))
                .hasMessageContaining("was not made by the vector kernels");
    }

    @Test
    void theNameTellsWidthAndThreads() {
        assertThat(k.describe()).matches("vector\\(float32, (256|512) bit, 1 thread\\)");
        assertThat(KernelsChoice.of("reference").open(4).describe())
                .isEqualTo("reference(float64, plain Java, 1 thread)");
        assertThat(KernelsChoice.AUTO.open(1).name()).isEqualTo("vector");
        assertThatThrownBy(() -> KernelsChoice.of("cuda"))
                .hasMessage("kernels = cuda is none of [auto, vector, reference]");
    }

    @Test
    void aForcedWidthThatThereIsNotIsNamed() {
        String before = System.getProperty(Lanes.BITS_PROPERTY);
        System.setProperty(Lanes.BITS_PROPERTY, "128");
        try {
            assertThatThrownBy(() -> KernelsChoice.VECTOR.open(1))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("The vector kernels need vectors of 256 or 512 bit, and -Dsextant.vector.bits forces"
                            + " 128 bit.");
            assertThat(KernelsChoice.AUTO.open(1).name()).isEqualTo("reference");
        } finally {
            if (before == null) {
                System.clearProperty(Lanes.BITS_PROPERTY);
            } else {
                System.setProperty(Lanes.BITS_PROPERTY, before);
            }
        }
    }
}
