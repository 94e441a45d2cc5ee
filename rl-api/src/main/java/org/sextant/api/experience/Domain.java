// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

/** What the numbers of a column or a term stand on. */
public enum Domain {
    /** One number for the batch. */
    SCALAR,
    /** One a row (a prompt with its answer). */
    ROW,
    /**
     * One a token of a row, prompt included: {@code logp[t] = log π(y_t | s_t)}. The first token of a row has no
     * prediction.
     */
    TOKEN,
    /**
     * One a state: a row of n tokens has n + 1 states, {@code value[t] = V(s_t)}; the last is the state after the last
     * token.
     */
    STATE,
    /** A free length, for sorted, paired or pooled numbers inside one loss. */
    VECTOR
}
