// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.List;

/**
 * A model that says which token comes next, without pages of keys and values: it carries a state from token to token, or computes each row anew.
 * What it says of a row must not depend on the other rows, but for rounding. A {@link SteppedDecoder} drives it.
 *
 * @param <S> what it keeps of a row
 */
public interface NextTokens<S> {
    /** Number of token ids. */
    int vocabulary();

    /** Longest row, in tokens. */
    int context();

    /** Most tokens of one row that go in at once: 1 where a state is carried, {@link Integer#MAX_VALUE} where rows are computed anew. */
    int tokensAtOnce();

    /** The state of a row that has seen nothing. */
    S begin();

    /** A state of its own with the same contents. */
    S copy(S state);

    /**
     * Takes tokens in.
     *
     * @param pieces of different rows
     * @param logits receives the row of logits after the last token of each piece
     */
    void feed(List<Piece<S>> pieces, double[][] logits);

    /**
     * The next tokens of a row.
     *
     * @param state after the tokens before {@code from}; brought up to {@code to}
     * @param tokens the whole row; those before {@code to} count
     */
    record Piece<S>(S state, int[] tokens, int from, int to) {}
}
