// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import java.util.OptionalInt;

/**
 * The shape of a Llama-family model. Fields mean what {@code config.json} of {@code transformers} says.
 *
 * @param vocabulary number of token ids
 * @param hidden width of the residual stream
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads key/value heads, a divisor of {@code heads}; query head h reads key/value head h / (heads / keyValueHeads)
 * @param headSize width of a head, even; usually hidden / heads, but need not be
 * @param intermediate width of the feed-forward layer
 * @param context longest sequence in tokens
 * @param ropeTheta base of the rotary frequencies θ^(−2i / headSize)
 * @param normEpsilon ε of RMSNorm
 * @param tied whether the vocabulary head is the embedding table
 * @param eos ids that end a sequence; the first is the one that is written
 * @param bos id that begins a sequence, if the model wants one
 */
public record TransformerConfig(
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int intermediate,
        int context,
        double ropeTheta,
        double normEpsilon,
        boolean tied,
        List<Integer> eos,
        OptionalInt bos) {
    public TransformerConfig {
        eos = List.copyOf(eos);
        requirePositive("vocabulary", vocabulary);
        requirePositive("hidden", hidden);
        requirePositive("layers", layers);
        requirePositive("heads", heads);
        requirePositive("key/value heads", keyValueHeads);
        requirePositive("intermediate", intermediate);
        requirePositive("context", context);
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot be shared by " + keyValueHeads
                    + " key/value heads: the second must divide the first");
        }
        if (headSize < 2 || headSize % 2 != 0) {
            throw new IllegalArgumentException(
                    "head size is " + headSize + "; rotary positions need an even number of at least 2");
        }
        if (!(ropeTheta > 0) || !(normEpsilon > 0)) {
            throw new IllegalArgumentException(
                    "rope theta is " + ropeTheta + " and norm epsilon " + normEpsilon + "; both must be above 0");
        }
        eos.forEach(id -> requireId("eos", id, vocabulary));
        bos.ifPresent(id -> requireId("bos", id, vocabulary));
    }

    private static void requirePositive(String what, int found) {
        if (found < 1) {
            throw new IllegalArgumentException(what + " is " + found + "; at least 1 is needed");
        }
    }

    private static void requireId(String what, int id, int vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw new IllegalArgumentException(
                    what + " id is " + id + ", but the vocabulary has ids 0 to " + (vocabulary - 1));
        }
    }

    /** Rows of the fused projection [q | k | v]. */
    int qkvWidth() {
        return (heads + 2 * keyValueHeads) * headSize;
    }

    /** Columns of all query heads together. */
    int attendedWidth() {
        return heads * headSize;
    }

    /** Rotary angles per position: θ^(−2i / headSize), headSize / 2 of them. */
    double[] inverseFrequencies() {
        double[] frequencies = new double[headSize / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(ropeTheta, -2.0 * i / headSize);
        }
        return frequencies;
    }

    /** Number of weights, a tied head counted once; value and score heads have {@code hidden} each on top. */
    public long parameterCount() {
        long embeddings = (tied ? 1L : 2L) * vocabulary * hidden;
        long attention = (long) qkvWidth() * hidden + (long) attendedWidth() * hidden;
        long feedForward = 3L * intermediate * hidden;
        return embeddings + layers * (attention + feedForward + 2L * hidden) + hidden;
    }
}
