// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/** RMSNorm (arXiv 1910.07467) with the residual sum in front of it: {@code x ← x + delta; y = x / rms(x) · w}. */
final class RmsNorm {
    private final Kernels kernels;
    private final Parameter weight;
    private final double epsilon;

    RmsNorm(Kernels kernels, Parameter weight, double epsilon) {
        this.kernels = kernels;
        this.weight = weight;
        this.epsilon = epsilon;
    }

    /**
     * What a norm leaves behind.
     *
     * @param input the summed input, for the backward pass; null where none follows
     * @param output [rows, hidden]
     * @param inverse [rows, 1], 1 / rms
     */
    record Buffers(Tensor input, Tensor output, Tensor inverse) {
        static Buffers allocate(MemoryArena arena, String name, int rows, int hidden, boolean keep) {
            return new Buffers(
                    keep ? arena.allocate(name + ".input", rows, hidden) : null,
                    arena.allocate(name, rows, hidden),
                    arena.allocate(name + ".inverse", rows, 1));
        }
    }

    /** @param delta added to {@code x} first; null for nothing */
    void forward(Tensor x, Tensor delta, int rows, Buffers b) {
        kernels.rmsNorm(x, delta, rows, weight.value(), epsilon, b.output(), b.inverse());
        if (b.input() != null) {
            kernels.copy(x, b.input(), rows);
        }
    }

    /** Adds to {@code dx}, the gradient of the residual stream. */
    void backward(Tensor dy, Buffers b, int rows, Tensor dx) {
        kernels.rmsNormBackward(dy, b.input(), b.inverse(), rows, weight.value(), dx, weight.gradient());
    }
}
