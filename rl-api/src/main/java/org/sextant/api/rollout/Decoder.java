// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.rollout;

import java.util.List;
import java.util.function.Consumer;
import org.sextant.api.random.Stream;

/**
 * Many rows over one key/value cache. Open or fork rows, {@link #run} until each has stopped, then append an
 * observation and run again (the cache of the row is kept) or close the row. Finished rows leave the batch at once and
 * waiting rows enter. One thread uses a decoder.
 *
 * <p>What a row generates depends on its tokens, its sampling and its stream alone, not on the other rows.
 */
public interface Decoder extends AutoCloseable {
    /**
     * A row that starts with a prompt. Fails if the prompt does not leave room for one token in the context: prompts
     * are never cut.
     *
     * @param prompt at least one id
     */
    Row open(int[] prompt, Sampling sampling, Stream stream);

    /**
     * A row with the same tokens as another has now; it shares the other's cache, so a group pays for its prompt once.
     */
    Row fork(Row row, Sampling sampling, Stream stream);

    /**
     * Generates for every open row that has tokens it has not answered yet, until each has stopped.
     *
     * @param onFinish called with each completion as soon as it stops, while others go on; may close the row
     * @return all completions of this run, in the order in which the rows were opened
     */
    List<Completion> run(Stop until, Consumer<Completion> onFinish);

    /**
     * Adds tokens that the policy did not choose; the row takes part in the next run. Fails if they do not fit the
     * context.
     */
    void append(Row row, int[] observation);

    /** Whether an observation of this length leaves room for at least one answer token. */
    boolean fits(Row row, int observationTokens);

    /** Gives the row's cache back. */
    void close(Row row);

    @Override
    void close();

    /** A handle. */
    interface Row {
        /** All ids of the row so far, prompt included. */
        int[] tokens();
    }
}
