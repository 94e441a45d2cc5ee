// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import org.sextant.api.model.Tokenizer;
import org.sextant.api.rollout.Decoder;
import org.sextant.models.kernels.Segments;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.Transformer;

/**
 * The memory that decoders of one model use, one after another: pages of keys and values, activations, and scratch arrays. It outlives a
 * decoder, so that the steps of a training loop allocate nothing once the sizes have been seen. Charged to the role {@code
 * cache}. The owner closes it.
 */
public final class DecodingMemory implements Decoding {
    final Transformer model;
    final DecodingSettings settings;
    final PagePool pool;
    final InferenceBuffers activations;
    final Segments segments = new Segments();
    /** Ids of a forward pass. */
    final int[] ids;

    private boolean inUse;
    private boolean closed;

    /** Takes memory only when a decoder first runs. */
    public DecodingMemory(Transformer model, DecodingSettings settings) {
        int context = model.config().context();
        if (settings.cacheTokens() < context) {
            throw new IllegalArgumentException(
                    "a cache of " + settings.cacheTokens() + " tokens cannot hold one row of the model's"
                            + " context of " + context + ": raise cacheTokens to at least " + context);
        }
        this.model = model;
        this.settings = settings;
        this.pool = new PagePool(model.kernels(), model.config(), PagePool.pagesFor(settings.cacheTokens()));
        this.activations = model.inferenceBuffers("cache");
        this.ids = new int[settings.chunkTokens()];
    }

    @Override
    public Decoder open(Tokenizer tokenizer) {
        return new CachedDecoder(this, tokenizer);
    }

    void acquire() {
        if (closed) {
            throw new IllegalStateException(
                    "the decoding memory is closed: decoders must be opened before their model is closed");
        }
        if (inUse) {
            throw new IllegalStateException("another decoder of the same model is open: close it first");
        }
        inUse = true;
    }

    void giveBack() {
        inUse = false;
    }

    @Override
    public void close() {
        if (inUse) {
            throw new IllegalStateException("a decoder is open on this memory: close it first");
        }
        if (!closed) {
            closed = true;
            pool.close();
            activations.close();
        }
    }
}
