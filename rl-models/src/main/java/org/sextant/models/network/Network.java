// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.Head;
import org.sextant.models.Capabilities;
import org.sextant.models.Sequences;
import org.sextant.models.decoding.NextTokens;
import org.sextant.models.optimiser.Optimiser;

/**
 * A network from tokens to logits of the next token, and perhaps to one number a head: what a plugin implements. What it says after a token must depend on
 * that token and those before it in the same row alone. Used by one thread at a time.
 */
public interface Network extends AutoCloseable {
    NetworkShape shape();

    Capabilities capabilities();

    /** How far a log-probability of {@link #nextTokens} may be from that of {@link #train} on the same weights. */
    double tolerance();

    /** What the network says about rows, without dropout; valid until its next pass. */
    States run(Sequences rows);

    /**
     * The same in a pass that can go backward.
     *
     * @param dropoutSeed empty for no dropout
     */
    Pass train(Sequences rows, OptionalLong dropoutSeed);

    /** What moves its weights by the gradients of its passes. */
    Optimiser optimiser(OptimiserSettings settings, long totalSteps);

    /** The network as something to sample from. */
    NextTokens<?> nextTokens();

    /** SHA-256 over names, shapes and values of all weights, as 64 hexadecimal digits. */
    String contentHash();

    /** Bytes of gradients held now. */
    long gradientBytes();

    /** Writes its own files, each completely or not at all; equal networks give equal files. */
    void save(Path directory);

    @Override
    void close();

    /** What a network says after each token of the rows, counted from 0 over all of them. */
    interface States {
        /** @param into receives one number for each token id */
        void logits(int token, double[] into);

        /** The number of a head that {@link NetworkShape#heads} names. */
        double head(Head head, int token);
    }

    /** The same, before a backward pass. Gradients that are not given are zero. */
    interface Pass extends States {
        void logitsGradient(int token, double[] gradient);

        void headGradient(Head head, int token, double gradient);

        /** Adds to the gradients of all weights. */
        void backward();
    }
}
