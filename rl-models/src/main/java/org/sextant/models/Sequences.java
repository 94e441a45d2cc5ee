// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.transformer.TransformerConfig;

/**
 * Consecutive rows of a batch as a model reads them.
 *
 * @param batch the whole batch
 * @param layout the rows, counted from 0
 * @param tokens their ids
 * @param mask which tokens are to be predicted
 * @param firstRow number of the first row in the batch
 * @param firstToken index of the first token in the batch
 */
public record Sequences(Experience batch, Layout layout, int[] tokens, boolean[] mask, int firstRow, int firstToken) {
    static Sequences of(Experience batch, TransformerConfig config) {
        return of(batch, config.context(), config.vocabulary());
    }

    /**
     * All rows of a batch.
     *
     * @throws IllegalArgumentException if a row is longer than the context or has an id that is not below {@code vocabulary}
     */
    public static Sequences of(Experience batch, int context, int vocabulary) {
        Layout layout = batch.layout();
        int[] tokens = batch.get(Standard.TOKENS);
        for (int row = 0; row < layout.rows(); row++) {
            check(row, layout, tokens, context, vocabulary);
        }
        return new Sequences(batch, layout, tokens, batch.get(Standard.RESPONSE_MASK), 0, 0);
    }

    private static void check(int row, Layout layout, int[] tokens, int context, int vocabulary) {
        if (layout.length(row) > context) {
            throw new IllegalArgumentException("row " + row + " of the batch has " + layout.length(row)
                    + " tokens, the model's context is " + context + "; rows are never cut");
        }
        for (int t = layout.start(row); t < layout.end(row); t++) {
            if (tokens[t] < 0 || tokens[t] >= vocabulary) {
                throw new IllegalArgumentException("row " + row + " of the batch has id " + tokens[t] + " at token "
                        + (t - layout.start(row)) + "; the model knows ids 0 to " + (vocabulary - 1));
            }
        }
    }

    /** Rows {@code from} to {@code to - 1}. */
    public Sequences slice(int from, int to) {
        int start = layout.start(from);
        int end = layout.end(to - 1);
        return new Sequences(
                batch,
                layout.select(IntStream.range(from, to).toArray()),
                Arrays.copyOfRange(tokens, start, end),
                Arrays.copyOfRange(mask, start, end),
                firstRow + from,
                firstToken + start);
    }

    /** The row after the last that fits, with those from {@code from} on, into {@code most} tokens; at least one row fits. */
    public int sliceEnd(int from, int most) {
        int to = from + 1;
        while (to < layout.rows() && layout.end(to) - layout.start(from) <= most) {
            to++;
        }
        return to;
    }

    /** Pages that the keys and values of all rows fill. */
    int pages() {
        return IntStream.range(0, layout.rows()).map(this::pages).sum();
    }

    private int pages(int row) {
        return Math.ceilDiv(layout.length(row), KeyValuePages.POSITIONS);
    }

    /** One segment for each row that has tokens, with pages of its own. */
    Segments segments() {
        Segments segments = new Segments();
        int page = 0;
        for (int row = 0; row < layout.rows(); row++) {
            if (layout.length(row) > 0) {
                segments.add(
                        layout.length(row),
                        0,
                        IntStream.range(page, page + pages(row)).toArray());
                page += pages(row);
            }
        }
        return segments;
    }

    /** Masked tokens that have one before them. */
    public Predictions predictions() {
        int[] positions = new int[tokens.length];
        int n = 0;
        for (int row = 0; row < layout.rows(); row++) {
            for (int t = layout.start(row) + 1; t < layout.end(row); t++) {
                if (mask[t]) {
                    positions[n++] = t;
                }
            }
        }
        int[] chosen = Arrays.copyOf(positions, n);
        return new Predictions(
                chosen,
                Arrays.stream(chosen).map(t -> tokens[t]).toArray(),
                Arrays.stream(chosen).map(t -> t - 1).toArray());
    }

    /** Rows of the batch that these tokens belong to, ascending. */
    public int[] batchRows(int[] tokenIndex) {
        int[] rowOfToken = layout.rowOfToken();
        return Arrays.stream(tokenIndex)
                .map(t -> firstRow + rowOfToken[t])
                .distinct()
                .toArray();
    }
}
