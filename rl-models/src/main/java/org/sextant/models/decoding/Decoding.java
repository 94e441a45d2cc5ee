// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import org.sextant.api.model.Tokenizer;
import org.sextant.api.rollout.Decoder;

/** What decoders of one model are opened on, one after another: it holds what outlives a decoder. Closed by its owner, before the model. */
public interface Decoding extends AutoCloseable {
    /**
     * Opens a decoder; the one before must be closed. Weights must not change while it is open.
     *
     * @param tokenizer knows the ids that end a sequence, those that have a text (no other is sampled), and the text that stop strings are looked
     *     for in
     */
    Decoder open(Tokenizer tokenizer);

    /** Frees everything. Fails if a decoder is still open. */
    @Override
    void close();
}
