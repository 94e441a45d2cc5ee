// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.sextant.models.kernels.WeightFormat;

/**
 * The shape of a decoder-only model. Fields mean what {@code config.json} of {@code transformers} says.
 *
 * @param family which blocks it is made of and what its files call them
 * @param vocabulary number of token ids
 * @param hidden width of the residual stream
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads key/value heads, a divisor of {@code heads}; query head h reads key/value head h / (heads / keyValueHeads)
 * @param headSize width of a head; even where positions are rotary; usually hidden / heads, but need not be
 * @param intermediate width of the feed-forward layer
 * @param context longest sequence in tokens
 * @param positions how a token knows where it is
 * @param normEpsilon ε of the norms
 * @param biases which projections have one
 * @param tied whether the vocabulary head is the embedding table
 * @param eos ids that end a sequence; the first is the one that is written
 * @param bos id that begins a sequence, if the model wants one
 */
public record TransformerConfig(
        Family family,
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int intermediate,
        int context,
        Positions positions,
        double normEpsilon,
        Biases biases,
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
        requirePositive("head size", headSize);
        requirePositive("intermediate", intermediate);
        requirePositive("context", context);
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot be shared by " + keyValueHeads
                    + " key/value heads: the second must divide the first");
        }
        if (positions instanceof Positions.Rotary && headSize % 2 != 0) {
            throw new IllegalArgumentException(
                    "head size is " + headSize + "; rotary positions need an even number of at least 2");
        }
        if (!(normEpsilon > 0)) {
            throw new IllegalArgumentException("norm epsilon is " + normEpsilon + "; it must be above 0");
        }
        eos.forEach(id -> requireId("eos", id, vocabulary));
        bos.ifPresent(id -> requireId("bos", id, vocabulary));
    }

    /** A fresh model's shape: Llama without biases. */
    public static TransformerConfig llama(
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
        return new TransformerConfig(
                Family.LLAMA,
                vocabulary,
                hidden,
                layers,
                heads,
                keyValueHeads,
                headSize,
                intermediate,
                context,
                Positions.rotary(ropeTheta),
                normEpsilon,
                Biases.NONE,
                tied,
                eos,
                bos);
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
    public int qkvWidth() {
        return (heads + 2 * keyValueHeads) * headSize;
    }

    /** Columns of all query heads together. */
    public int attendedWidth() {
        return heads * headSize;
    }

    /** Rows of what the feed-forward layer's activation reads: gate and up, or one projection. */
    public int feedForwardWidth() {
        return family.activation() == Family.Activation.GATED_SILU ? 2 * intermediate : intermediate;
    }

    /** Numbers that a norm keeps of each row for its backward pass. */
    int normStatistics() {
        return family.norm() == Family.NormKind.LAYER ? 2 : 1;
    }

    /** Number of weights, a tied head counted once; value and score heads have {@code hidden} each on top. */
    public long parameterCount() {
        CountingArena counted = CountingArena.ofNumbers();
        new Transformer(this, Set.of(), WeightFormat.FLOAT, null, counted);
        return counted.bytes();
    }
}
