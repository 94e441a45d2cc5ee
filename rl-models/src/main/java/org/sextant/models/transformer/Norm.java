// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/** A norm with the residual sum in front of it: {@code x ← x + delta; y = norm(x)}. */
sealed interface Norm permits RmsNorm, LayerNorm {
    /** The norm that a family has, over the residual stream. */
    static Norm of(String module, TransformerConfig config, Weights weights, Kernels kernels) {
        Parameter scale = weights.scale(module, config.hidden());
        return switch (config.family().norm()) {
            case RMS -> new RmsNorm(kernels, scale, config.normEpsilon());
            case LAYER -> new LayerNorm(kernels, scale, weights.shift(module), config.normEpsilon());
        };
    }

    /**
     * What a norm leaves behind.
     *
     * @param input the summed input, for the backward pass; null where none follows
     * @param output [rows, hidden]
     * @param statistics [rows, 1 or 2]
     */
    record Buffers(Tensor input, Tensor output, Tensor statistics) {
        static Buffers allocate(TransformerConfig c, MemoryArena arena, String name, int rows, boolean keep) {
            return new Buffers(
                    keep ? arena.allocate(name + ".input", rows, c.hidden()) : null,
                    arena.allocate(name, rows, c.hidden()),
                    arena.allocate(name + ".statistics", rows, c.normStatistics()));
        }
    }

    /** Whether anything of it is trained. */
    boolean trains();

    /** @param delta added to {@code x} first; null for nothing */
    void forward(Tensor x, Tensor delta, int rows, Buffers b);

    /** Adds to {@code dx}, the gradient of the residual stream. */
    void backward(Tensor dy, Buffers b, int rows, Tensor dx);
}
