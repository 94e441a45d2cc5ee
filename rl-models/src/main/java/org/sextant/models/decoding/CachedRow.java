// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayList;
import java.util.List;
import org.sextant.api.experience.Finish;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Sampling;

/** A sequence of a {@link CachedDecoder}, and what is cached of it. */
final class CachedRow extends AnswerRow {
    /** What a row is doing. */
    enum State {
        /** Open; generates nothing now. */
        IDLE,
        /** Has its turn in this run later. */
        WAITING,
        /** In the batch. */
        ACTIVE,
        CLOSED
    }

    /** Whether tokens are drawn from softmax(logits / temperature) itself. */
    final boolean unfiltered;

    final CachedPrefix cache;
    State state = State.IDLE;
    /** Positions that the forward pass under way computes. */
    int computing;

    private List<CachedRow> family = List.of();

    CachedRow(int number, int[] tokens, Sampling sampling, Stream stream, PagePool pool) {
        super(number, tokens, sampling, stream);
        this.unfiltered = unfiltered();
        this.cache = new CachedPrefix(pool);
    }

    /** A row with the same tokens, which shares what is cached. */
    CachedRow fork(int forkNumber, Sampling forkSampling, Stream forkStream, PagePool pool) {
        var fork = new CachedRow(forkNumber, tokens(), forkSampling, forkStream, pool);
        fork.cache.share(cache, cache.positions());
        fork.pending = pending;
        if (family.isEmpty()) {
            family = new ArrayList<>(List.of(this));
        }
        family.add(fork);
        fork.family = family;
        return fork;
    }

    /** Rows that were forked from one another, this one included; empty if there was no fork. */
    List<CachedRow> family() {
        return family;
    }

    @Override
    Completion complete(Finish finish) {
        state = State.IDLE;
        return super.complete(finish);
    }

    void close() {
        state = State.CLOSED;
        cache.release();
        if (!family.isEmpty()) {
            family.remove(this);
        }
    }
}
