// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sextant.api.config.Range;

/**
 * The shape of a fresh model, in the block {@code model { … }} of a run that does not start from a saved one.
 *
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
public record FreshModel(
        int layers,
        int hidden,
        int heads,
        int keyValueHeads,
        int intermediate,
        int context,
        boolean tied,
        double ropeTheta,
        double normEpsilon) {
    private static final List<String> KEYS = List.of(
            "layers",
            "hidden",
            "heads",
            "key-value-heads",
            "intermediate",
            "context",
            "tied",
            "rope-theta",
            "norm-epsilon");

    static FreshModel read(HoconReader own) {
        Range counts = Range.atLeast(1);
        int hidden = own.integer("hidden", counts);
        int heads = own.integer("heads", counts);
        FreshModel model = new FreshModel(
                own.integer("layers", counts),
                hidden,
                heads,
                own.optionalInteger("key-value-heads", counts).orElse(heads),
                own.optionalInteger("intermediate", counts).orElse(usualIntermediate(hidden)),
                own.integer("context", Range.atLeast(2)),
                own.bool("tied"),
                own.decimal("rope-theta", Range.positive()),
                own.decimal("norm-epsilon", Range.positive()));
        model.check(own);
        return model;
    }

    /**
     * Beside a saved model a shape would say nothing, so one that was written is a problem. A path that is written later takes the place of a shape:
     * further down, in a file that includes the other, or on the command line.
     */
    static Optional<FreshModel> refuseBesidePath(HoconReader own) {
        String problem = "is for a fresh model, and path names a saved one, which has its own: leave it out";
        Stream.concat(KEYS.stream(), Stream.of("network")).forEach(key -> refuse(own, key, "path", problem));
        return Optional.empty();
    }

    /** The same for a network beside the shape of a transformer. */
    static Optional<FreshModel> refuseBesideNetwork(HoconReader own) {
        String problem = "is for a transformer, and network names another network, which has settings of its own: leave"
                + " it out";
        KEYS.forEach(key -> refuse(own, key, "network", problem));
        return Optional.empty();
    }

    private static void refuse(HoconReader own, String key, String beside, String problem) {
        if (own.isWritten(key)) {
            own.passOver(key);
            if (own.has(key) && !own.isBefore(key, beside)) {
                own.problem(key, problem);
            }
        }
    }

    /** 8/3 of the width, to the nearest multiple of 16: as many parameters as a plain feed-forward half of four times the width. */
    private static int usualIntermediate(int hidden) {
        return Math.max(16, 16 * (int) Math.round(8.0 * hidden / 3 / 16));
    }

    private void check(HoconReader own) {
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
