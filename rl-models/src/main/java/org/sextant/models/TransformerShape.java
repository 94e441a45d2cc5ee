// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/** The shape of a {@link LanguageModel}. */
public record TransformerShape(TransformerConfig config) implements ModelShape {
    @Override
    public int context() {
        return config.context();
    }

    @Override
    public int vocabulary() {
        return config.vocabulary();
    }

    @Override
    public long parameterCount() {
        return config.parameterCount();
    }

    @Override
    public String describe() {
        return config.layers() + " layers of " + config.hidden() + ", " + config.heads() + " heads";
    }

    @Override
    public Map<String, String> refused(ModelOptions options) {
        return options.freezeLayers() > config.layers()
                ? Map.of(
                        "freeze-layers",
                        "is " + options.freezeLayers() + ", but the model has " + config.layers() + " layers")
                : Map.of();
    }

    /** A head that was not saved begins at zero. */
    @Override
    public boolean offers(Head head) {
        return true;
    }

    @Override
    public boolean averagesWith(ModelShape other) {
        return other instanceof TransformerShape shape
                && Transformer.planned(config, Set.of())
                        .toString()
                        .equals(Transformer.planned(shape.config, Set.of()).toString());
    }

    @Override
    public SortedMap<String, Long> bytes(
            ModelOptions options, Set<Head> heads, Role role, int scored, int trained, Kernels kernels) {
        return PlannedMemory.bytes(config, options, heads, role, scored, trained, kernels);
    }

    @Override
    public long cacheBytes(ModelOptions options, DecodingSettings settings, Kernels kernels) {
        return PlannedMemory.cacheBytes(config, options, settings, kernels);
    }
}
