// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import java.util.TreeMap;
import org.sextant.models.kernels.WeightFormat;

/**
 * What a model can do beside being scored and trained.
 *
 * @param carried what a decoder of it carries from token to token
 * @param adapters whether low-rank adapters can be trained on frozen weights
 * @param partialFreezing whether embeddings and first layers can be left as they are
 * @param roundedWeights whether weights that are never trained can be held in less than full precision
 * @param recomputation whether activations can be computed again in the backward pass instead of being kept
 */
public record Capabilities(
        Carried carried, boolean adapters, boolean partialFreezing, boolean roundedWeights, boolean recomputation) {
    /** What a decoder keeps of the tokens that it has seen. */
    public enum Carried {
        /** Keys and values of every token: a token costs one column of attention. */
        KEY_VALUE_CACHE,
        /** A state of fixed size, as recurrent networks have it. */
        STATE,
        /** Nothing: every token costs a pass over the whole row. */
        NOTHING
    }

    /** Everything, as the transformer has it. */
    public static final Capabilities ALL = new Capabilities(Carried.KEY_VALUE_CACHE, true, true, true, true);

    /** None of the settings that are about a transformer's weights. */
    public static Capabilities plain(Carried carried) {
        return new Capabilities(carried, false, false, false, false);
    }

    /** Settings of {@code model} that ask for what is not there, by key, each with the capability that is missing. */
    public Map<String, String> refused(ModelOptions options) {
        Map<String, String> refused = new TreeMap<>();
        if (!adapters && options.adapter().isPresent()) {
            refused.put("adapter", without("adapters"));
        }
        if (!partialFreezing && options.freezeEmbeddings()) {
            refused.put("freeze-embeddings", without("partial freezing"));
        }
        if (!partialFreezing && options.freezeLayers() > 0) {
            refused.put("freeze-layers", without("partial freezing"));
        }
        if (!roundedWeights && options.frozenFormat() != WeightFormat.FLOAT) {
            refused.put("frozen-weights", without("rounded weights"));
        }
        if (!recomputation && options.recompute()) {
            refused.put("recompute-activations", without("recomputation of activations"));
        }
        return refused;
    }

    private static String without(String capability) {
        return "asks for a capability that this network does not have, " + capability + ": leave it out";
    }
}
