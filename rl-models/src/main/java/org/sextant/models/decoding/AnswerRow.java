// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Arrays;
import org.sextant.api.experience.Finish;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;

/** A sequence: its ids, and the answer that it is giving. What a decoder keeps of the model for it is its subclass's. */
abstract class AnswerRow implements Decoder.Row {
    private final int number;
    final Sampling sampling;
    final Stream stream;
    /** Whether there are tokens that the policy has not answered. */
    boolean pending = true;

    private int[] tokens;
    private int length;
    private int answerStart;
    private double[] samplingLogp = new double[0];
    private double[] oldLogp = new double[0];
    private AnswerText text;

    /** @param tokens owned from now on */
    AnswerRow(int number, int[] tokens, Sampling sampling, Stream stream) {
        this.number = number;
        this.tokens = tokens;
        this.length = tokens.length;
        this.sampling = sampling;
        this.stream = stream;
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

    /** Whether tokens are drawn from softmax(logits / temperature) itself. */
    boolean unfiltered() {
        return sampling.equals(Sampling.atTemperature(sampling.temperature()));
    }

    /** How many first tokens two rows have in common. */
    int common(AnswerRow other) {
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
        int n = answerLength();
        return new Completion(
                this,
                Arrays.copyOfRange(tokens, answerStart, length),
                Arrays.copyOf(samplingLogp, n),
                Arrays.copyOf(oldLogp, n),
                finish);
    }

    private void reserve(int capacity) {
        if (capacity > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(capacity, 2 * tokens.length));
        }
    }
}
