// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import java.util.stream.IntStream;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * What the adapters of a block need besides its activations.
 *
 * @param reduced for each adapter of the block, its input times A, [rows, rank]
 * @param scratch shared by all blocks
 */
record AdapterBuffers(List<Tensor> reduced, Scratch scratch) {
    /** What one adapter uses at a time. */
    static final class Scratch {
        private final Tensor dReduced;
        private final List<Tensor> seen;
        private long dropoutSeed = TrainingBuffers.NO_DROPOUT;

        private Scratch(Tensor dReduced, List<Tensor> seen) {
            this.dReduced = dReduced;
            this.seen = seen;
        }

        static Scratch allocate(BufferPlan plan, MemoryArena arena, int rows) {
            Tensor dReduced = plan.backward() && plan.adapters() > 0
                    ? arena.allocate("gradient of an adapter's middle", rows, plan.rank())
                    : null;
            return new Scratch(dReduced, seen(plan, arena, rows));
        }

        private static List<Tensor> seen(BufferPlan plan, MemoryArena arena, int rows) {
            if (!plan.backward() || !plan.dropout()) {
                return List.of();
            }
            TransformerConfig c = plan.config();
            return IntStream.of(c.hidden(), c.attendedWidth(), c.intermediate())
                    .distinct()
                    .mapToObj(width -> arena.allocate("what an adapter sees of " + width, rows, width))
                    .toList();
        }

        /** What the coming forward pass and its backward pass drop; {@link TrainingBuffers#NO_DROPOUT} for nothing. */
        void dropoutSeed(long seed) {
            dropoutSeed = seed;
        }
    }

    static AdapterBuffers allocate(BufferPlan plan, MemoryArena arena, String name, int rows, Scratch scratch) {
        return new AdapterBuffers(
                IntStream.range(0, plan.adapters())
                        .mapToObj(i -> arena.allocate(name + ".adapter " + i, rows, plan.rank()))
                        .toList(),
                scratch);
    }

    Tensor dReduced() {
        return scratch.dReduced;
    }

    long dropoutSeed() {
        return scratch.dropoutSeed;
    }

    /** Room for an input of this width with gaps. */
    Tensor seen(int width) {
        return scratch.seen.stream()
                .filter(t -> t.columns() == width)
                .findFirst()
                .orElseThrow();
    }
}
