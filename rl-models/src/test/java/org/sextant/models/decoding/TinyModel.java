// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.sextant.api.experience.Layout;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.output.LogProb;
import org.sextant.models.LanguageModel;
import org.sextant.models.TestModels;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/** A model of two layers with widely spread weights, so that it disagrees about the next token; and what it says without a cache. */
final class TinyModel implements AutoCloseable {
    static final int CONTEXT = 100;
    static final int VOCABULARY = 17;
    static final int EOS = 0;

    final Kernels kernels;
    final Transformer transformer;
    private final LanguageModel model;

    TinyModel(Kernels kernels) {
        this.kernels = kernels;
        var config = TransformerConfig.llama(
                VOCABULARY, 24, 2, 6, 2, 4, 40, CONTEXT, 1e4, 1e-5, false, List.of(EOS), OptionalInt.empty());
        this.model = TestModels.spread(config, Set.of(), kernels);
        this.transformer = model.transformer();
    }

    Offset<Double> agreement() {
        return TestModels.agreement(kernels);
    }

    /** Logits after every token of a sequence, computed whole and alone. */
    double[][] logits(int[] tokens) {
        int n = tokens.length;
        var segments = new Segments();
        int pages = Math.ceilDiv(n, KeyValuePages.POSITIONS);
        segments.add(n, 0, IntStream.range(0, pages).toArray());
        double[][] rows = new double[n][VOCABULARY];
        try (var buffers = transformer.inferenceBuffers("test")) {
            Tensor hidden = transformer.hidden(tokens, segments, buffers.pages(pages), buffers);
            Tensor logits = transformer.logits(hidden, IntStream.range(0, n).toArray(), n, buffers);
            for (int i = 0; i < n; i++) {
                kernels.readRow(logits, i, rows[i]);
            }
        }
        return rows;
    }

    /** Log-probabilities of the tokens of each sequence, all scored in one batch; the first of each is 0. */
    List<double[]> score(List<int[]> sequences, double temperature) {
        Layout layout =
                Layout.ofLengths(sequences.stream().mapToInt(s -> s.length).toArray());
        int[] tokens = sequences.stream().flatMapToInt(Arrays::stream).toArray();
        boolean[] mask = new boolean[tokens.length];
        Arrays.fill(mask, true);
        IntStream.range(0, layout.rows()).forEach(row -> mask[layout.start(row)] = false);
        var logProb = new LogProb();
        double[] logp = model.score(TestModels.batch(layout, tokens, mask), Set.of(logProb), temperature)
                .get(logProb);
        return IntStream.range(0, layout.rows())
                .mapToObj(row -> Arrays.copyOfRange(logp, layout.start(row), layout.end(row)))
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }

    /** Ids 1, 2, 3 … are the letters a, b, c …; 0 ends a sequence and has no text. */
    record Letters(int vocabularySize, Set<Integer> eosIds) implements Tokenizer {
        Letters() {
            this(VOCABULARY, Set.of(EOS));
        }

        @Override
        public int[] encode(String text) {
            return text.chars().map(c -> c - 'a' + 1).toArray();
        }

        @Override
        public String decode(int[] ids) {
            var text = new StringBuilder();
            for (int id : ids) {
                text.append(id == EOS ? "" : String.valueOf((char) ('a' + id - 1)));
            }
            return text.toString();
        }

        @Override
        public int eos() {
            return EOS;
        }

        @Override
        public OptionalInt bos() {
            return OptionalInt.empty();
        }
    }
}
