// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.Role;
import org.sextant.api.model.Scorer;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.models.decoding.Decoding;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.optimiser.Optimiser;

/**
 * A model over token sequences in a role, as the loop knows it: it is scored, trained, sampled from, saved. {@link LanguageModel} is the transformer;
 * {@link org.sextant.models.network.NetworkModel} is any other network. What one of them cannot do its {@link #capabilities()} say; nobody asks what
 * class it is. Used by one thread at a time and closed by its owner.
 */
public interface SequenceModel extends Scorer, AutoCloseable {
    Role role();

    /** Heads besides the vocabulary. */
    Set<Head> heads();

    /** Longest sequence, in tokens. */
    int context();

    Capabilities capabilities();

    /**
     * How far the log-probability that a token was sampled with may be from the one that training computes on the same weights: 0 if both have the
     * same bits.
     */
    double tolerance();

    /**
     * Like {@link #score}, and can go backward: once, before the next forward pass.
     *
     * @throws IllegalArgumentException if a row is longer than the context or has an id that the model does not know
     * @throws NonFiniteException if a number is not finite
     */
    ForwardPass forward(Experience slice, Set<Output> wanted, double temperature);

    /** The same, with dropout drawn from a seed where the model has any. */
    ForwardPass forward(Experience slice, Set<Output> wanted, double temperature, long dropoutSeed);

    /** What moves the weights that are trained. The caller closes it, before the model. */
    Optimiser optimiser(OptimiserSettings settings, long totalSteps);

    /** What decoders of this model are opened on, one after another. The caller closes it, before the model. */
    Decoding decoding(DecodingSettings settings);

    /**
     * Moves the weights towards those of a model of the same shape: {@code w ← rate · other + (1 − rate) · w}; heads besides the vocabulary stay.
     *
     * @param rate above 0 to 1; with 1 they become the other's, to the bit
     * @throws IllegalArgumentException if the shapes differ, or this kind of model has no such average
     */
    void moveTowards(SequenceModel other, double rate);

    /** Writes the model, each file completely or not at all; equal models give equal files. */
    void save(Path directory);

    /** SHA-256 over names, shapes and values of all weights, as 64 hexadecimal digits. */
    String contentHash();

    /** Bytes held now: weights, activations, gradients. */
    SortedMap<String, Long> bytesByRole();

    /**
     * Checks that a tokenizer's ids are the model's.
     *
     * @throws ModelFileException that says how they differ
     */
    void requireFits(Tokenizer tokenizer);

    @Override
    Map<Output, double[]> score(Experience batch, Set<Output> wanted, double temperature);

    @Override
    void close();
}
