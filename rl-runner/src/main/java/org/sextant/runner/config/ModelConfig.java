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
 * The block {@code model { … }}: a saved model, or the shape of a fresh one (then {@code path} is empty).
 *
 * @param path directory of a saved model, that of a run being read as what the run left; the other settings are then those of the model
 * @param base where the model of saved adapters is, if not where they say
 * @param layers number of blocks
 * @param hidden width of the residual stream
 * @param heads attention heads
 * @param keyValueHeads key/value heads, each shared by {@code heads / keyValueHeads} heads
 * @param intermediate width inside the feed-forward half
 * @param context longest sequence in tokens
 * @param tied whether the head shares the embedding's weights
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the mean square in RMSNorm
 * @param options what of it is trained, and how much memory that may take
 */
public record ModelConfig(
        Optional<Path> path,
        Optional<Path> base,
        int layers,
        int hidden,
        int heads,
        int keyValueHeads,
        int intermediate,
        int context,
        boolean tied,
        double ropeTheta,
        double normEpsilon,
        ModelOptions options) {
    static ModelConfig read(ConfigReader own) {
        Range counts = Range.atLeast(1);
        int hidden = own.integer("hidden", counts);
        int heads = own.integer("heads", counts);
        ModelConfig model = new ModelConfig(
                own.optionalString("path").map(Path::of).map(ModelDirectory::of),
                own.optionalString("base").map(Path::of).map(ModelDirectory::of),
                own.integer("layers", counts),
                hidden,
                heads,
                own.optionalInteger("key-value-heads", counts).orElse(heads),
                own.optionalInteger("intermediate", counts).orElse(usualIntermediate(hidden)),
                own.integer("context", Range.atLeast(2)),
                own.bool("tied"),
                own.decimal("rope-theta", Range.positive()),
                own.decimal("norm-epsilon", Range.positive()),
                options(own));
        if (model.path.isEmpty()) {
            model.check(own);
        }
        return model;
    }

    /** Directories of saved models, in the order in which the model of an adapter is looked for. */
    public List<Path> saved() {
        return Stream.concat(base.stream(), path.stream()).toList();
    }

    private static ModelOptions options(ConfigReader own) {
        Optional<AdapterSettings> adapter = own.has("adapter") ? adapter(own.object("adapter")) : own.absent("adapter");
        if (adapter.isPresent() && !own.has("path")) {
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

    /** 8/3 of the width, to the nearest multiple of 16: as many parameters as a plain feed-forward half of four times the width. */
    static int usualIntermediate(int hidden) {
        return Math.max(16, 16 * (int) Math.round(8.0 * hidden / 3 / 16));
    }

    private void check(ConfigReader own) {
        if (hidden % heads != 0) {
            own.problem("hidden", hidden + " is not a multiple of heads = " + heads);
        } else if (hidden / heads % 2 != 0) {
            own.problem(
                    "hidden",
                    "hidden / heads = " + hidden / heads + " is odd; rotary positions turn pairs, so it must be even");
        }
        if (heads % keyValueHeads != 0) {
            own.problem("key-value-heads", keyValueHeads + " does not divide heads = " + heads);
        }
    }
}
