// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.files.TensorWriter;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.MemoryPlan;
import org.sextant.models.transformer.TransformerConfig;

/** What a model will hold, known before any of it is loaded. */
public final class PlannedMemory {
    private PlannedMemory() {}

    /** Bytes of a decoder's key/value cache once it has grown as far as it may. */
    public static long cacheBytes(TransformerConfig config, DecodingSettings settings, Kernels kernels) {
        long position = 2L * config.layers() * config.keyValueHeads() * config.headSize();
        return position
                * settings.cacheTokens()
                * TensorWriter.precision(kernels).bytes();
    }

    /**
     * Bytes that {@link LanguageModel#bytesByRole} will show; with {@code optimiser} if the model trains. What models with adapters share is
     * {@code base}.
     *
     * @param heads scalar heads
     * @param tokens largest number of tokens in one training pass
     */
    public static SortedMap<String, Long> bytes(
            TransformerConfig config,
            ModelOptions options,
            Set<Head> heads,
            Role role,
            boolean trains,
            int tokens,
            Kernels kernels) {
        var model = new MemoryPlan.Model(
                config,
                heads,
                trains ? options.weightFormat() : options.frozenFormat(),
                options.adapter(),
                options.recompute(),
                options.freezeEmbeddings(),
                options.freezeLayers());
        MemoryPlan plan = MemoryPlan.of(
                model,
                LanguageModel.SCORED_AT_ONCE,
                tokens,
                TensorWriter.precision(kernels).bytes());
        SortedMap<String, Long> planned = new TreeMap<>();
        if (options.adapter().isPresent()) {
            planned.put("base", plan.base());
            planned.put(role.key(), plan.own());
        } else {
            planned.put(role.key(), plan.base());
        }
        planned.put(role.key() + "_activations", plan.scoring() + (trains ? plan.training() : 0));
        planned.put(role.key() + "_gradients", trains ? plan.trained() : 0);
        if (trains) {
            planned.put("optimiser", 2 * plan.trained());
        }
        return planned;
    }
}
