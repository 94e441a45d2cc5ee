// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sextant.api.model.Tokenizer;
import org.sextant.models.NonFiniteException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.HeadBuffers;
import org.sextant.models.transformer.InferenceBuffers;
import org.sextant.models.transformer.Transformer;

/**
 * Chooses the next token of rows from their final hidden states. The log-probability that is recorded for training comes from the same
 * primitive as scoring ({@link Kernels#vocabularyStatistics}), so both have the same bits.
 */
final class TokenChooser {
    /** Logits, so that a small vocabulary is read in one go and a large one needs little memory. */
    private static final int READ_AT_ONCE = 1 << 18;

    private final Transformer model;
    private final Kernels kernels;
    private final Sampler sampler;
    private final boolean allHaveText;
    private final double[] scores;
    private final int readAtOnce;
    private final double[] read;
    private final List<CachedRow> rows = new ArrayList<>();
    private int[] hiddenRow = new int[16];

    private final int chunk;
    private final int[] chunkHiddenRow;
    private final int[] chosen;
    private final double[] samplingLogp;
    private final double[] oldLogp;
    private final double[] statistics;

    /** @param tokenizer knows which ids end a sequence, and which have a text: no other is chosen */
    TokenChooser(Transformer model, Tokenizer tokenizer) {
        int vocabulary = model.config().vocabulary();
        this.model = model;
        this.kernels = model.kernels();
        this.sampler = new Sampler(vocabulary, tokenizer.vocabularySize(), tokenizer.eosIds());
        this.allHaveText = tokenizer.vocabularySize() >= vocabulary;
        this.scores = new double[vocabulary];
        this.chunk = HeadBuffers.chunkRows(vocabulary);
        this.readAtOnce = Math.clamp(READ_AT_ONCE / vocabulary, 1, chunk);
        this.read = new double[readAtOnce * vocabulary];
        this.chunkHiddenRow = new int[chunk];
        this.chosen = new int[chunk];
        this.samplingLogp = new double[chunk];
        this.oldLogp = new double[chunk];
        this.statistics = new double[chunk];
    }

    /** Forgets the rows of the last forward pass. */
    void clear() {
        rows.clear();
    }

    /** A row that continues from a row of the hidden states. */
    void add(CachedRow row, int hidden) {
        if (rows.size() == hiddenRow.length) {
            hiddenRow = Arrays.copyOf(hiddenRow, 2 * hiddenRow.length);
        }
        hiddenRow[rows.size()] = hidden;
        rows.add(row);
    }

    /** The rows that have chosen, in the order in which they were added. */
    List<CachedRow> rows() {
        return rows;
    }

    /** Appends a token to every row. */
    void choose(Tensor hidden, InferenceBuffers buffers) {
        for (int from = 0; from < rows.size(); from += chunk) {
            chooseChunk(hidden, from, Math.min(chunk, rows.size() - from), buffers);
        }
    }

    private void chooseChunk(Tensor hidden, int from, int n, InferenceBuffers buffers) {
        System.arraycopy(hiddenRow, from, chunkHiddenRow, 0, n);
        Tensor logits = model.logits(hidden, chunkHiddenRow, n, buffers);
        requireFinite(logits, from, n);
        for (int i = 0; i < n; i++) {
            if (i % readAtOnce == 0) {
                kernels.readRows(logits, i, Math.min(readAtOnce, n - i), read);
            }
            System.arraycopy(read, i % readAtOnce * scores.length, scores, 0, scores.length);
            chosen[i] = sampler.choose(scores, rows.get(from + i));
            samplingLogp[i] = sampler.logProb();
        }
        for (int i = 0; i < n; i++) {
            if (firstOfItsTemperature(from, i)) {
                scoreAt(temperature(from + i), logits, from, n);
            }
        }
        for (int i = 0; i < n; i++) {
            CachedRow row = rows.get(from + i);
            row.answer(chosen[i], row.unfiltered && allHaveText ? oldLogp[i] : samplingLogp[i], oldLogp[i]);
        }
    }

    /** Fills {@code oldLogp} of the rows with this temperature. */
    private void scoreAt(double temperature, Tensor logits, int from, int n) {
        kernels.vocabularyStatistics(logits, n, chosen, 0, temperature, statistics, null, null);
        for (int i = 0; i < n; i++) {
            if (temperature(from + i) == temperature) {
                oldLogp[i] = statistics[i];
            }
        }
    }

    private boolean firstOfItsTemperature(int from, int i) {
        for (int before = from; before < from + i; before++) {
            if (temperature(before) == temperature(from + i)) {
                return false;
            }
        }
        return true;
    }

    private double temperature(int row) {
        return rows.get(row).sampling.temperature();
    }

    private void requireFinite(Tensor logits, int from, int n) {
        int bad = kernels.firstNonFiniteRow(logits, n);
        if (bad >= 0) {
            throw new NonFiniteException(
                    "logits", new int[] {rows.get(from + bad).number()});
        }
    }
}
