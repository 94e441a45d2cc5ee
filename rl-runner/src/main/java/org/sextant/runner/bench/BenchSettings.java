// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.List;
import java.util.OptionalInt;
import org.sextant.models.transformer.TransformerConfig;

/**
 * What is measured. The defaults are {@link #DEFAULT}'s.
 *
 * @param threads of the kernels
 * @param layers blocks of the model
 * @param hidden width of the model
 * @param heads attention heads, as many for keys and values
 * @param vocabulary number of token ids
 * @param batch sequences of a training step
 * @param tokens of each such sequence
 * @param prompts answered at once, each another one
 * @param promptTokens of each prompt
 * @param newTokens of each answer
 * @param repeat measured repeats, of which the best counts
 */
public record BenchSettings(
        int threads,
        int layers,
        int hidden,
        int heads,
        int vocabulary,
        int batch,
        int tokens,
        int prompts,
        int promptTokens,
        int newTokens,
        int repeat) {
    /** Four layers of 256, a small vocabulary, one thread. */
    public static final BenchSettings DEFAULT = new BenchSettings(1, 4, 256, 4, 64, 32, 64, 64, 16, 48, 7);

    public BenchSettings {
        int[] all = {threads, layers, hidden, heads, vocabulary, batch, tokens, prompts, promptTokens, newTokens, repeat
        };
        String[] names = {
            "threads",
            "layers",
            "hidden",
            "heads",
            "vocab",
            "batch",
            "tokens",
            "prompts",
            "prompt-tokens",
            "new-tokens",
            "repeat"
        };
        for (int i = 0; i < all.length; i++) {
            int least = names[i].equals("tokens") || names[i].equals("vocab") ? 2 : 1;
            if (all[i] < least) {
                throw new IllegalArgumentException("--" + names[i] + " is " + all[i] + "; at least " + least);
            }
        }
        if (hidden % heads != 0 || hidden / heads % 2 != 0) {
            throw new IllegalArgumentException("--hidden " + hidden + " and --heads " + heads
                    + ": a head must have an even whole number of the hidden numbers; choose hidden as a multiple of "
                    + 2 * heads);
        }
    }

    /**
     * A model with about 12·hidden² weights a layer, as many as one with an ordinary feed-forward layer of 4·hidden: the gated one has three
     * matrices, so its width is 8·hidden/3, to the nearest multiple of 16. The head is tied to the embedding.
     */
    TransformerConfig model() {
        int intermediate = Math.max(1, (int) Math.round(hidden / 6.0)) * 16;
        return TransformerConfig.llama(
                vocabulary,
                hidden,
                layers,
                heads,
                heads,
                hidden / heads,
                intermediate,
                Math.max(tokens, promptTokens + newTokens),
                10_000,
                1e-5,
                true,
                List.of(),
                OptionalInt.empty());
    }

    /** Floating-point operations of the matrix products of one token, forward and backward: six for each weight that it meets. */
    double flopsPerToken() {
        TransformerConfig model = model();
        double layer = 4.0 * hidden * hidden + 3.0 * hidden * model.intermediate();
        return 6 * (layers * layer + (double) vocabulary * hidden);
    }
}
