// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.models.ModelOptions;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.AdapterSettings;

/**
 * The block {@code model { … }}: a saved model, the shape of a fresh transformer, or a network of a provider.
 *
 * @param path directory of a saved model, that of a run being read as what the run left; a shape that is written after it is an error
 * @param base where the model of saved adapters is, if not where they say
 * @param fresh the shape of a fresh transformer, if there is neither a saved model nor a network
 * @param options what of it is trained, and how much memory that may take
 */
public record ModelConfig(Optional<Path> path, Optional<Path> base, Optional<FreshModel> fresh, ModelOptions options) {
    static ModelConfig read(HoconReader own) {
        return new ModelConfig(
                own.optionalString("path").map(Path::of).map(ModelDirectory::of),
                own.optionalString("base").map(Path::of).map(ModelDirectory::of),
                fresh(own),
                options(own));
    }

    private static Optional<FreshModel> fresh(HoconReader own) {
        if (own.has("path")) {
            return FreshModel.refuseBesidePath(own);
        }
        if (own.has("network")) {
            return FreshModel.refuseBesideNetwork(own);
        }
        own.absent("network");
        return Optional.of(FreshModel.read(own));
    }

    /** Whether a fresh network is chosen that is not our transformer; a provider reads its block {@code network}. */
    public boolean isNetwork() {
        return path.isEmpty() && fresh.isEmpty();
    }

    /** Directories of saved models, in the order in which the model of an adapter is looked for. */
    public List<Path> saved() {
        return Stream.concat(base.stream(), path.stream()).toList();
    }

    private static ModelOptions options(ConfigReader own) {
        Optional<AdapterSettings> adapter = own.has("adapter") ? adapter(own.object("adapter")) : own.absent("adapter");
        if (adapter.isPresent() && !own.has("path") && !own.has("network")) {
            own.problem("adapter", "is only for a saved model: set path, or leave the adapter out");
        }
        int layers = own.integer("freeze-layers", Range.atLeast(0));
        boolean embeddings = own.bool("freeze-embeddings");
        if (adapter.isPresent() && (layers > 0 || embeddings)) {
            own.problem("adapter", "leaves all weights frozen already: leave freeze-layers and freeze-embeddings out");
        }
        return new ModelOptions(
                adapter,
                own.oneOf("frozen-weights", WeightFormat.class),
                own.bool("recompute-activations"),
                embeddings,
                layers);
    }

    private static Optional<AdapterSettings> adapter(ConfigReader own) {
        int rank = own.integer("rank", Range.atLeast(1));
        double alpha = own.optionalDecimal("alpha", Range.positive()).orElse(2.0 * rank);
        double dropout = own.optionalDecimal("dropout", Range.between(0, 0.99)).orElse(0.0);
        List<String> targets = own.strings("targets");
        boolean stabilised = own.has("rank-stabilised")
                ? own.bool("rank-stabilised")
                : own.absent("rank-stabilised").isPresent();
        if (targets.isEmpty()) {
            if (own.has("targets")) {
                own.problem("targets", "is empty; name the modules to adapt, such as q_proj and v_proj");
            }
            return Optional.empty();
        }
        return Optional.of(new AdapterSettings(rank, alpha, dropout, targets, stabilised));
    }
}
