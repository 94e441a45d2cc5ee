// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayList;
import java.util.List;
import org.sextant.api.random.Stream;
import org.sextant.api.rollout.Sampling;

/** A sequence of a {@link SteppedDecoder}, and what the model keeps of it. */
final class SteppedRow<S> extends AnswerRow {
    S state;
    /** Tokens that the state has seen. */
    int seen;

    boolean open = true;
    boolean generating;
    /** Rows with the same tokens that go on from this one's state, so that a group pays for its prompt once. */
    final List<SteppedRow<S>> twins = new ArrayList<>();

    SteppedRow(int number, int[] tokens, Sampling sampling, Stream stream, S state, int seen) {
        super(number, tokens, sampling, stream);
        this.state = state;
        this.seen = seen;
    }

    /** Whether the other may go on from this row's state once this one's tokens have been seen. */
    boolean sameAs(SteppedRow<S> other) {
        return seen == other.seen && length() == other.length() && common(other) == length();
    }
}
