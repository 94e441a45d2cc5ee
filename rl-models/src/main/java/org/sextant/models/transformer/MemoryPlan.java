// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Optional;
import java.util.Set;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.WeightFormat;

/**
 * What a model will hold, in bytes, before any of it is loaded: its own constructors run against an arena that only counts.
 *
 * @param base weights that models can share
 * @param own heads and adapter
 * @param trained those of both that are trained: as many again for gradients, and twice as many for the moments of AdamW
 * @param scoring activations of a pass that keeps none
 * @param training activations of a pass that goes backward, with their gradients
 */
public record MemoryPlan(long base, long own, long trained, long scoring, long training) {
    /**
     * What is planned.
     *
     * @param heads scalar heads
     * @param format of the base
     * @param adapter freezes the base
     * @param recompute whether activations are computed again in the backward pass
     * @param freezeEmbeddings see {@link Transformer#freeze}
     * @param freezeLayers see {@link Transformer#freeze}
     */
    public record Model(
            TransformerConfig config,
            Set<Head> heads,
            WeightFormat format,
            Optional<AdapterSettings> adapter,
            boolean recompute,
            boolean freezeEmbeddings,
            int freezeLayers) {}

    /**
     * @param scored tokens in one pass of scoring, 0 if there is none
     * @param trained tokens in one training pass, likewise; keys and values are counted as if their pages were half full
     * @param numberBytes of an activation and of a weight in the kernels' own precision
     */
    public static MemoryPlan of(Model model, int scored, int trained, int numberBytes) {
        CountingArena base = new CountingArena(numberBytes);
        CountingArena own = new CountingArena(numberBytes);
        Transformer transformer = transformer(model, base, own);
        return new MemoryPlan(
                base.bytes(),
                own.bytes(),
                trained(transformer, numberBytes),
                activations(transformer.inferencePlan(), scored, numberBytes),
                activations(transformer.trainingPlan(model.recompute()), trained, numberBytes));
    }

    /** Activations of a decoder that passes so many tokens at once, and its keys and values at so many positions. */
    public static long decoding(Model model, int tokens, int positions, int numberBytes) {
        BufferPlan plan =
                transformer(model, new CountingArena(1), new CountingArena(1)).inferencePlan();
        CountingArena arena = new CountingArena(numberBytes);
        allocatePages(plan.config(), arena, positions);
        allocate(plan, arena, Growing.capacity(tokens));
        return arena.bytes();
    }

    private static Transformer transformer(Model model, CountingArena base, CountingArena own) {
        if (model.adapter().isPresent()) {
            return new Transformer(model.config(), Set.of(), model.format(), null, base)
                    .sharing(model.heads(), model.adapter(), own);
        }
        Transformer whole = new Transformer(model.config(), model.heads(), model.format(), null, base);
        whole.freeze(model.freezeEmbeddings(), model.freezeLayers());
        return whole;
    }

    private static long trained(Transformer transformer, int numberBytes) {
        CountingArena arena = new CountingArena(numberBytes);
        transformer.parameters().stream()
                .filter(Parameter::trains)
                .forEach(p -> arena.allocateLike(p.name(), p.value()));
        return arena.bytes();
    }

    private static long activations(BufferPlan plan, int tokens, int numberBytes) {
        if (tokens == 0) {
            return 0;
        }
        CountingArena arena = new CountingArena(numberBytes);
        int rows = Growing.capacity(tokens);
        allocatePages(plan.config(), arena, 2 * rows);
        allocate(plan, arena, rows);
        if (plan.backward()) {
            GradientBuffers.allocate(plan.config(), arena, rows);
        }
        return arena.bytes();
    }

    private static void allocatePages(TransformerConfig c, CountingArena arena, int positions) {
        int pages = Math.ceilDiv(positions, KeyValuePages.POSITIONS);
        arena.allocatePages("keys and values", c.layers(), c.keyValueHeads(), c.headSize(), pages);
    }

    private static void allocate(BufferPlan plan, CountingArena arena, int rows) {
        TransformerConfig c = plan.config();
        int predictions = Math.min(rows, Growing.capacity(HeadBuffers.chunkRows(c.vocabulary())));
        HeadBuffers.allocate(c, arena, predictions, plan.backward());
        ForwardBuffers.allocate(plan, arena, rows);
    }
}
