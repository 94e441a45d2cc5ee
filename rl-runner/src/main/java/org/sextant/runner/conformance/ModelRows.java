// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.models.LanguageModel;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.InferenceBuffers;

/**
 * Padded token ids of a case as rows without padding.
 *
 * @param batch the rows, with the tokens that have a label as response
 * @param padded index in the case's [B, T] tensors of each token of the batch
 */
record ModelRows(Experience batch, int[] padded) {
    /** Rows of [B, T], less what the attention mask leaves out; positions must count from 0 in every row. */
    static ModelRows unpadded(Case given) {
        Values ids = given.values("input_ids", 2);
        boolean[] attended = given.values("attention_mask", 2).flags();
        int width = ids.dimension(1);
        int[] padded =
                IntStream.range(0, attended.length).filter(i -> attended[i]).toArray();
        int[] lengths = new int[ids.dimension(0)];
        for (int at : padded) {
            lengths[at / width]++;
        }
        requirePositions(given, padded, lengths);
        boolean[] response = new boolean[padded.length];
        if (given.has("labels")) {
            int[] labels = given.values("labels", 2).ints();
            for (int t = 0; t < padded.length; t++) {
                response[t] = labels[padded[t]] >= 0 && padded[t] % width > 0;
            }
        }
        return of(Layout.ofLengths(lengths), ids.ints(), padded, response);
    }

    /** Sequences that a case has packed into one row. */
    static ModelRows packed(Case given) {
        int[] ids = given.values("input_ids", 2).ints();
        Layout layout = Layout.ofLengths(given.values("seq_lengths", 1).ints());
        int[] all = IntStream.range(0, ids.length).toArray();
        requirePositions(given, all, given.values("seq_lengths", 1).ints());
        return of(layout, ids, all, new boolean[ids.length]);
    }

    private static ModelRows of(Layout layout, int[] ids, int[] padded, boolean[] response) {
        int[] tokens = Arrays.stream(padded).map(at -> ids[at]).toArray();
        Columns columns = Columns.of(Standard.TOKENS, tokens).with(Standard.RESPONSE_MASK, response);
        return new ModelRows(Experience.of(layout, columns), padded);
    }

    private static void requirePositions(Case given, int[] padded, int[] lengths) {
        int[] positions = given.values("position_ids", 2).ints();
        int[] expected =
                Arrays.stream(lengths).flatMap(n -> IntStream.range(0, n)).toArray();
        if (!Arrays.equals(Arrays.stream(padded).map(at -> positions[at]).toArray(), expected)) {
            throw new NotOffered("positions that do not count from 0 in every sequence");
        }
    }

    Layout layout() {
        return batch.layout();
    }

    /** Logits after every token: one array for each. */
    double[][] logits(LanguageModel model) {
        int n = layout().tokens();
        double[][] logits = new double[n][model.config().vocabulary()];
        try (InferenceBuffers buffers = model.transformer().inferenceBuffers("conformance")) {
            Segments segments = segments();
            int pages = layout().tokens() / KeyValuePages.POSITIONS + layout().rows();
            Tensor hidden =
                    model.transformer().hidden(batch.get(Standard.TOKENS), segments, buffers.pages(pages), buffers);
            int[] all = IntStream.range(0, n).toArray();
            Tensor found = model.transformer().logits(hidden, all, n, buffers);
            for (int t = 0; t < n; t++) {
                model.kernels().readRow(found, t, logits[t]);
            }
        }
        return logits;
    }

    private Segments segments() {
        Segments segments = new Segments();
        int page = 0;
        for (int row = 0; row < layout().rows(); row++) {
            int needed = Math.ceilDiv(layout().length(row), KeyValuePages.POSITIONS);
            if (needed > 0) {
                segments.add(
                        layout().length(row),
                        0,
                        IntStream.range(page, page + needed).toArray());
                page += needed;
            }
        }
        return segments;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelRows that && batch.equals(that.batch) && Arrays.equals(padded, that.padded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(padded);
    }

    @Override
    public String toString() {
        return "ModelRows[" + batch + "]";
    }
}
