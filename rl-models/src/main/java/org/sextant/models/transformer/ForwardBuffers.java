// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

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
 * @param firstKept first layer that the backward pass reaches; those before it share its set
 * @param inputs the residual stream at the entry of each layer from that on, where activations are computed again; empty otherwise
 * @param last the final norm, whose output the heads read
 * @param scratch what adapters share
 */
record ForwardBuffers(
        Tensor stream,
        Tensor delta,
        List<LayerBuffers> layers,
        int firstKept,
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
                plan.firstKept(),
                plan.recompute() ? inputs(plan, arena, rows) : List.of(),
                Norm.Buffers.allocate(c, arena, c.family().names().finalNorm(), rows, plan.backward()),
                scratch);
    }

    private static List<LayerBuffers> layers(
            BufferPlan plan, MemoryArena arena, int rows, AdapterBuffers.Scratch scratch) {
        int layers = plan.config().layers();
        boolean keep = plan.backward() && !plan.recompute();
        int last = keep ? Math.min(plan.firstKept(), layers - 1) : layers - 1;
        LayerBuffers shared = LayerBuffers.allocate(plan, arena, last, rows, scratch);
        return IntStream.range(0, layers)
                .mapToObj(i -> i <= last ? shared : LayerBuffers.allocate(plan, arena, i, rows, scratch))
                .toList();
    }

    private static List<Tensor> inputs(BufferPlan plan, MemoryArena arena, int rows) {
        TransformerConfig c = plan.config();
        return IntStream.range(plan.firstKept(), c.layers())
                .mapToObj(layer -> arena.allocate("input of layer " + layer, rows, c.hidden()))
                .toList();
    }

    /** Whether the backward pass has to run a layer forward again first. */
    boolean recomputes(int layer) {
        return !inputs.isEmpty() && layer >= firstKept;
    }

    /** The residual stream at the entry of a layer that is run forward again. */
    Tensor input(int layer) {
        return inputs.get(layer - firstKept);
    }
}
