// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Optional;
import java.util.Set;
import org.sextant.api.output.Head;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemorySizes;
import org.sextant.models.kernels.WeightFormat;

/**
 * What a model will hold, in bytes, before any of it is loaded: its own constructors run against an arena that only counts.
 *
 * @param base weights that models can share
 * @param own heads and adapter
 * @param trained gradients of those of both that are trained; the moments of AdamW are twice as many
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

    /** Rows are taken to have so many tokens on average at least, which is half a page. */
    private static final int SHORT_ROW = KeyValuePages.POSITIONS / 2;

    /**
     * @param scored tokens in one pass of scoring, 0 if there is none
     * @param trained tokens in one training pass, likewise; rows are taken to have half a page or half a context on average at least
     * @param sizes of the kernels that the model will run on
     */
    public static MemoryPlan of(Model model, int scored, int trained, MemorySizes sizes) {
        CountingArena base = new CountingArena(sizes);
        CountingArena own = new CountingArena(sizes);
        CountingArena gradients = new CountingArena(sizes);
        Transformer transformer = transformer(model, base, own);
        transformer.allocateGradients(gradients);
        return new MemoryPlan(
                base.bytes(),
                own.bytes(),
                gradients.bytes(),
                activations(transformer, transformer.inferencePlan(), scored, sizes),
                activations(transformer, transformer.trainingPlan(model.recompute()), trained, sizes));
    }

    /** Activations of a decoder that passes so many tokens at once; its keys and values are not among them. */
    public static long decoding(Model model, int tokens, MemorySizes sizes) {
        Transformer transformer = transformer(model, CountingArena.ofNumbers(), CountingArena.ofNumbers());
        CountingArena arena = new CountingArena(sizes);
        allocate(transformer.inferencePlan(), arena, Growing.capacity(tokens));
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

    private static long activations(Transformer transformer, BufferPlan plan, int tokens, MemorySizes sizes) {
        if (tokens == 0) {
            return 0;
        }
        TransformerConfig c = plan.config();
        CountingArena arena = new CountingArena(sizes);
        int rows = Growing.capacity(tokens);
        int shortRow = Math.clamp(c.context() / 2, 1, SHORT_ROW);
        int pages = Growing.capacity(Math.ceilDiv(tokens, shortRow));
        arena.allocatePages("keys and values", c.layers(), c.keyValueHeads(), c.headSize(), pages);
        allocate(plan, arena, rows);
        if (!transformer.heads().isEmpty()) {
            arena.allocate("scores", rows, 1);
        }
        if (plan.backward()) {
            GradientBuffers.allocate(c, arena, rows);
        }
        return arena.bytes();
    }

    private static void allocate(BufferPlan plan, CountingArena arena, int rows) {
        TransformerConfig c = plan.config();
        int predictions = Math.min(rows, Growing.capacity(HeadBuffers.chunkRows(c.vocabulary())));
        HeadBuffers.allocate(c, arena, predictions, plan.backward());
        ForwardBuffers.allocate(plan, arena, rows);
    }
}
