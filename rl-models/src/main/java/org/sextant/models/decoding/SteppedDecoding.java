// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import org.sextant.api.model.Tokenizer;
import org.sextant.api.rollout.Decoder;

/** Decoders over {@link NextTokens}, one after another. */
public final class SteppedDecoding implements Decoding {
    private final NextTokens<?> model;
    private final int rows;
    private boolean inUse;

    public SteppedDecoding(NextTokens<?> model, DecodingSettings settings) {
        this.model = model;
        this.rows = settings.rows();
    }

    @Override
    public Decoder open(Tokenizer tokenizer) {
        if (inUse) {
            throw new IllegalStateException("another decoder of the same model is open: close it first");
        }
        inUse = true;
        return new SteppedDecoder<>(model, tokenizer, rows, () -> inUse = false);
    }

    @Override
    public void close() {
        if (inUse) {
            throw new IllegalStateException("a decoder is open on this memory: close it first");
        }
    }
}
