// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.nio.file.Path;
import java.util.Optional;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;

/**
 * The block {@code model { … }}: a saved model, or the shape of a fresh one (then {@code path} is empty).
 *
 * @param path directory of a saved model; the other settings are then those of the model
 * @param layers number of blocks
 * @param hidden width of the residual stream
 * @param heads attention heads
 * @param keyValueHeads key/value heads, each shared by {@code heads / keyValueHeads} heads
 * @param intermediate width inside the feed-forward half
 * @param context longest sequence in tokens
 * @param tied whether the head shares the embedding's weights
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the mean square in RMSNorm
 */
public record ModelConfig(
        Optional<Path> path,
        int layers,
        int hidden,
        int heads,
        int keyValueHeads,
        int intermediate,
        int context,
        boolean tied,
        double ropeTheta,
        double normEpsilon) {
    static ModelConfig read(ConfigReader own) {
        Range counts = Range.atLeast(1);
        int hidden = own.integer("hidden", counts);
        int heads = own.integer("heads", counts);
        ModelConfig model = new ModelConfig(
                own.optionalString("path").map(Path::of),
                own.integer("layers", counts),
                hidden,
                heads,
                own.optionalInteger("key-value-heads", counts).orElse(heads),
                own.optionalInteger("intermediate", counts).orElse(usualIntermediate(hidden)),
                own.integer("context", Range.atLeast(2)),
                own.bool("tied"),
                own.decimal("rope-theta", Range.positive()),
                own.decimal("norm-epsilon", Range.positive()));
        if (model.path.isEmpty()) {
            model.check(own);
        }
        return model;
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
