// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Optional;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.AdapterSettings;

/**
 * What of a model is trained, and how much memory that may take.
 *
 * @param adapter trained instead of the weights, if there is one
 * @param frozenFormat in which weights that are never trained are held
 * @param recompute compute a block's activations again in the backward pass instead of keeping them
 * @param freezeEmbeddings leave the embeddings, and a tied head, as they are
 * @param freezeLayers leave this many of the first layers as they are
 */
public record ModelOptions(
        Optional<AdapterSettings> adapter,
        WeightFormat frozenFormat,
        boolean recompute,
        boolean freezeEmbeddings,
        int freezeLayers) {
    /** All weights are trained, all activations kept. */
    public static final ModelOptions PLAIN = new ModelOptions(Optional.empty(), WeightFormat.FLOAT, false, false, 0);

    /** The same with another adapter, or none. */
    public ModelOptions withAdapter(Optional<AdapterSettings> other) {
        return new ModelOptions(other, frozenFormat, recompute, freezeEmbeddings, freezeLayers);
    }

    /** The same with frozen weights in another format. */
    public ModelOptions withFrozenFormat(WeightFormat other) {
        return new ModelOptions(adapter, other, recompute, freezeEmbeddings, freezeLayers);
    }

    /** The same with activations computed again, or not. */
    public ModelOptions withRecompute(boolean other) {
        return new ModelOptions(adapter, frozenFormat, other, freezeEmbeddings, freezeLayers);
    }

    /** The format of the policy's own weights: with an adapter they are frozen. */
    WeightFormat weightFormat() {
        return adapter.isPresent() ? frozenFormat : WeightFormat.FLOAT;
    }
}
