// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;

/** What is known of a model before any of it is loaded. */
public interface ModelShape {
    /** Longest sequence, in tokens. */
    int context();

    /** Number of token ids. */
    int vocabulary();

    long parameterCount();

    /** For people, in a few words: {@code "2 layers of 64, 4 heads"}. */
    String describe();

    /** Settings of {@code model} that this model cannot follow, by key, each with the reason. */
    Map<String, String> refused(ModelOptions options);

    /** Whether a model of this shape has the head, or can be given it. */
    boolean offers(Head head);

    /** Whether a model of this shape can be a {@link SequenceModel#moveTowards moving average} of one of the other. */
    boolean averagesWith(ModelShape other);

    /**
     * Bytes that {@link SequenceModel#bytesByRole} will show at most; with those of its optimiser if the model trains.
     *
     * @param heads scalar heads
     * @param scored largest number of tokens in one pass of scoring; 0 if it is never scored
     * @param trained largest number of tokens in one training pass; 0 if it is never trained
     */
    SortedMap<String, Long> bytes(
            ModelOptions options, Set<Head> heads, Role role, int scored, int trained, Kernels kernels);

    /** Bytes of a decoder, at most. */
    long cacheBytes(ModelOptions options, DecodingSettings settings, Kernels kernels);
}
