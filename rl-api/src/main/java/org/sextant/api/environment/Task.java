// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

import org.sextant.api.state.Stateful;

/**
 * A source of questions. {@link #item} is a pure function of split and index, so a cursor is one number and a resumed
 * run sees the same questions.
 */
public interface Task extends Stateful {
    /** Name in the config and in reports. */
    String name();

    /**
     * Number of questions of a split; {@link Long#MAX_VALUE} for endless. Never 0: a task without questions fails when
     * it is opened.
     */
    long size(Split split);

    /** Question {@code index} of a split, 0 … size - 1; any other index is an {@link IndexOutOfBoundsException}. */
    Item item(Split split, long index);

    /**
     * All characters that prompts, answers and demonstrations can contain, for a character tokenizer; empty if not
     * known.
     */
    default String alphabet() {
        return "";
    }
}
