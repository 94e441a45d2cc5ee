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
 * @param layers one for each layer; the same one where no backward pass follows, or one that computes activations again
 * @param inputs the residual stream at the entry of each layer, where activations are computed again; empty otherwise
 * @param last the final norm, whose output the heads read
 * @param scratch what adapters share
 */
record ForwardBuffers(
        Tensor stream,
        Tensor delta,
        List<LayerBuffers> layers,
        List<Tensor> inputs,
        Norm.Buffers last,
        AdapterBuffers.Scratch scratch) {

    static ForwardBuffers allocate(BufferPlan plan, MemoryArena arena, int rows) {
        TransformerConfig c = plan.config();
        AdapterBuffers.Scratch scratch = AdapterBuffers.Scratch.allocate(plan, arena, rows);
        return new ForwardBuffers(
                arena.allocate("residual stream", rows, c.hidden()),
                arena.allocate("addition to the residual stream", rows, c.hidden()),
                layers(plan, arena, rows, scratch),
                plan.recompute() ? inputs(c, arena, rows) : List.of(),
                Norm.Buffers.allocate(c, arena, c.family().names().finalNorm(), rows, plan.backward()),
                scratch);
    }

    private static List<LayerBuffers> layers(
            BufferPlan plan, MemoryArena arena, int rows, AdapterBuffers.Scratch scratch) {
        int layers = plan.config().layers();
        if (plan.backward() && !plan.recompute()) {
            return IntStream.range(0, layers)
                    .mapToObj(layer -> LayerBuffers.allocate(plan, arena, layer, rows, scratch))
                    .toList();
        }
        return Collections.nCopies(layers, LayerBuffers.allocate(plan, arena, 0, rows, scratch));
    }

    private static List<Tensor> inputs(TransformerConfig c, MemoryArena arena, int rows) {
        return IntStream.range(0, c.layers())
                .mapToObj(layer -> arena.allocate("input of layer " + layer, rows, c.hidden()))
                .toList();
    }

    /** Whether the backward pass has to run a layer forward again first. */
    boolean recomputes() {
        return !inputs.isEmpty();
    }
}
