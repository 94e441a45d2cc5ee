// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.transformer.MemoryPlan;
import org.sextant.models.transformer.TransformerConfig;

/** What a model will hold, known before any of it is loaded. */
public final class PlannedMemory {
    private PlannedMemory() {}

    /** Most tokens that a pass of scoring takes, unless a single row has more. */
    public static final int SCORED_AT_ONCE = Scoring.AT_ONCE;

    /** Name under which the moments of a role's optimiser are accounted. */
    public static String optimiser(Role role) {
        return role == Role.POLICY ? "optimiser" : role.key() + "_optimiser";
    }

    /** Bytes of a decoder: its key/value cache once it has grown as far as it may, and activations. */
    public static long cacheBytes(
            TransformerConfig config, ModelOptions options, DecodingSettings settings, Kernels kernels) {
        int pages = Math.ceilDiv(settings.cacheTokens(), KeyValuePages.POSITIONS);
        return kernels.sizes().pages(config.layers(), config.keyValueHeads(), config.headSize(), pages)
                + MemoryPlan.decoding(model(config, options, Set.of(), true), settings.chunkTokens(), kernels.sizes());
    }

    /**
     * Bytes that {@link LanguageModel#bytesByRole} will show; with those of its {@link #optimiser} if it trains. What models with adapters share is
     * {@code base}. Activations are counted as large as they may become while batches of other sizes come before.
     *
     * @param heads scalar heads
     * @param scored largest number of tokens in one pass of scoring; 0 if it is never scored
     * @param trained largest number of tokens in one training pass; 0 if it is never trained
     */
    public static SortedMap<String, Long> bytes(
            TransformerConfig config,
            ModelOptions options,
            Set<Head> heads,
            Role role,
            int scored,
            int trained,
            Kernels kernels) {
        boolean trains = trained > 0;
        MemoryPlan plan =
                MemoryPlan.of(model(config, options, heads, role == Role.POLICY), scored, trained, kernels.sizes());
        SortedMap<String, Long> planned = new TreeMap<>();
        if (options.adapter().isPresent()) {
            planned.put("base", plan.base());
            planned.put(role.key(), plan.own());
        } else {
            planned.put(role.key(), plan.base());
        }
        planned.put(role.key() + "_activations", plan.scoring() + plan.training());
        planned.put(role.key() + "_gradients", trains ? plan.trained() : 0);
        if (trains) {
            planned.put(optimiser(role), 2 * plan.trained());
        }
        return planned;
    }

    private static MemoryPlan.Model model(
            TransformerConfig config, ModelOptions options, Set<Head> heads, boolean policy) {
        return new MemoryPlan.Model(
                config,
                heads,
                policy ? options.weightFormat() : options.frozenFormat(),
                options.adapter(),
                options.recompute(),
                options.freezeEmbeddings(),
                options.freezeLayers());
    }
}
