// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sextant.api.experience.Finish;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;

/** A sequence: its ids, what is cached of them, and the answer that it is giving. */
final class CachedRow implements Decoder.Row {
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

    private final int number;
    final Sampling sampling;
    /** Whether tokens are drawn from softmax(logits / temperature) itself. */
    final boolean unfiltered;

    final Stream stream;
    final CachedPrefix cache;
    State state = State.IDLE;
    /** Whether there are tokens that the policy has not answered. */
    boolean pending = true;
    /** Positions that the forward pass under way computes. */
    int computing;

    private List<CachedRow> family = List.of();
    private int[] tokens;
    private int length;
    private int answerStart;
    private double[] samplingLogp = new double[0];
    private double[] oldLogp = new double[0];
    private AnswerText text;

    CachedRow(int number, int[] tokens, Sampling sampling, Stream stream, PagePool pool) {
        this.number = number;
        this.tokens = tokens;
        this.length = tokens.length;
        this.sampling = sampling;
        this.unfiltered = sampling.equals(Sampling.atTemperature(sampling.temperature()));
        this.stream = stream;
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

    @Override
    public int[] tokens() {
        return Arrays.copyOf(tokens, length);
    }

    /** How many rows the decoder had opened before. */
    int number() {
        return number;
    }

    int length() {
        return length;
    }

    int answerStart() {
        return answerStart;
    }

    int answerLength() {
        return length - answerStart;
    }

    /** The ids themselves; those up to {@link #length} count. */
    int[] ids() {
        return tokens;
    }

    /** Rows that were forked from one another, this one included; empty if there was no fork. */
    List<CachedRow> family() {
        return family;
    }

    /** How many first tokens two rows have in common. */
    int common(CachedRow other) {
        int mismatch = Arrays.mismatch(tokens, 0, length, other.tokens, 0, other.length);
        return mismatch < 0 ? length : mismatch;
    }

    void append(int[] observation) {
        reserve(length + observation.length);
        System.arraycopy(observation, 0, tokens, length, observation.length);
        length += observation.length;
        pending = true;
    }

    /** @param text reads the answer for stop strings; null if there are none */
    void beginAnswer(AnswerText text) {
        answerStart = length;
        this.text = text;
    }

    void answer(int token, double samplingLogpOfToken, double oldLogpOfToken) {
        int at = answerLength();
        if (at == oldLogp.length) {
            int larger = Math.max(16, 2 * at);
            samplingLogp = Arrays.copyOf(samplingLogp, larger);
            oldLogp = Arrays.copyOf(oldLogp, larger);
        }
        samplingLogp[at] = samplingLogpOfToken;
        oldLogp[at] = oldLogpOfToken;
        reserve(length + 1);
        tokens[length++] = token;
    }

    /** Whether the answer's text contains a stop string now. */
    boolean stopStringFound() {
        return text != null && text.containsAfter(tokens, length);
    }

    Completion complete(Finish finish) {
        pending = false;
        state = State.IDLE;
        int n = answerLength();
        return new Completion(
                this,
                Arrays.copyOfRange(tokens, answerStart, length),
                Arrays.copyOf(samplingLogp, n),
                Arrays.copyOf(oldLogp, n),
                finish);
    }

    void close() {
        state = State.CLOSED;
        cache.release();
        if (!family.isEmpty()) {
            family.remove(this);
        }
    }

    private void reserve(int capacity) {
        if (capacity > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(capacity, 2 * tokens.length));
        }
    }
}
