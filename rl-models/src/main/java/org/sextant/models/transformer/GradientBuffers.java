// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * Gradients of activations, used again by every layer.
 *
 * @param stream of the residual stream
 * @param normed of a norm's output; at the end of the model, of the hidden states that the heads read
 * @param qkv of queries, keys and values
 * @param attended of the heads' output
 * @param feedForwardInput of what the activation reads
 * @param activated of what it makes of it
 */
record GradientBuffers(
        Tensor stream, Tensor normed, Tensor qkv, Tensor attended, Tensor feedForwardInput, Tensor activated) {
    static GradientBuffers allocate(TransformerConfig c, MemoryArena arena, int rows) {
        return new GradientBuffers(
                arena.allocate("gradient of the residual stream", rows, c.hidden()),
                arena.allocate("gradient of a norm's output", rows, c.hidden()),
                arena.allocate("gradient of q, k, v", rows, c.qkvWidth()),
                arena.allocate("gradient of the heads' output", rows, c.attendedWidth()),
                arena.allocate("gradient of the activation's input", rows, c.feedForwardWidth()),
                arena.allocate("gradient of the activation", rows, c.intermediate()));
    }
}
