// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * Activations of a forward pass.
 *
 * @param stream the residual stream
 * @param delta what is still to be added to it
 * @param layers one for each layer; the same one where no backward pass follows
 * @param last the final norm, whose output the heads read
 */
record ForwardBuffers(Tensor stream, Tensor delta, List<LayerBuffers> layers, RmsNorm.Buffers last) {
    static ForwardBuffers forTraining(TransformerConfig c, MemoryArena arena, int rows) {
        List<LayerBuffers> layers = IntStream.range(0, c.layers())
                .mapToObj(layer -> LayerBuffers.allocate(c, arena, "model.layers." + layer, rows, true))
                .toList();
        return around(layers, c, arena, rows, true);
    }

    static ForwardBuffers forInference(TransformerConfig c, MemoryArena arena, int rows) {
        LayerBuffers shared = LayerBuffers.allocate(c, arena, "layer", rows, false);
        return around(Collections.nCopies(c.layers(), shared), c, arena, rows, false);
    }

    private static ForwardBuffers around(
            List<LayerBuffers> layers, TransformerConfig c, MemoryArena arena, int rows, boolean keep) {
        return new ForwardBuffers(
                arena.allocate("residual stream", rows, c.hidden()),
                arena.allocate("addition to the residual stream", rows, c.hidden()),
                layers,
                RmsNorm.Buffers.allocate(arena, "model.norm", rows, c.hidden(), keep));
    }
}
