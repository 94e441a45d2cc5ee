// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.sextant.api.model.Tokenizer;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.Transformer;
import org.sextant.models.transformer.TransformerConfig;

/** A model of two layers with random weights, large enough to disagree about the next token; and what it says without a cache. */
final class TinyModel implements AutoCloseable {
    static final int CONTEXT = 100;
    static final int VOCABULARY = 17;
    static final int EOS = 0;

    final Kernels kernels;
    final Transformer transformer;
    private final MemoryArena weights;

    TinyModel(Kernels kernels) {
        this.kernels = kernels;
        this.weights = kernels.arena("actor");
        var config = new TransformerConfig(
                VOCABULARY, 24, 2, 6, 2, 4, 40, CONTEXT, 1e4, 1e-5, false, List.of(EOS), OptionalInt.empty());
        this.transformer = new Transformer(config, Set.of(), kernels, weights);
        var random = new SplittableRandom(5);
        for (Parameter parameter : transformer.parameters()) {
            Tensor t = parameter.value();
            for (int row = 0; row < t.rows(); row++) {
                for (int column = 0; column < t.columns(); column++) {
                    double spread = random.nextDouble() - 0.5;
                    kernels.set(t, row, column, parameter.decays() ? spread : 1 + spread);
                }
            }
            kernels.changed(t);
        }
    }

    /** Logits after every token of a sequence, computed whole and alone: a Java array for each position. */
    double[][] logits(int[] tokens) {
        double[][] rows = new double[tokens.length][VOCABULARY];
        forward(tokens, (logits, i) -> kernels.readRow(logits, i, rows[i]));
        return rows;
    }

    /** Log-probabilities of tokens 1 … n−1 given those before, computed whole and alone. */
    double[] score(int[] tokens, double temperature) {
        int[] targets = new int[tokens.length];
        System.arraycopy(tokens, 1, targets, 0, tokens.length - 1);
        double[] logp = new double[tokens.length];
        forward(tokens, (logits, i) -> {
            if (i == 0) {
                kernels.vocabularyStatistics(logits, tokens.length, targets, 0, temperature, logp, null, null);
            }
        });
        double[] ofTokens = new double[tokens.length - 1];
        System.arraycopy(logp, 0, ofTokens, 0, ofTokens.length);
        return ofTokens;
    }

    private interface Reader {
        void read(Tensor logits, int row);
    }

    private void forward(int[] tokens, Reader reader) {
        var config = transformer.config();
        int pages = Math.ceilDiv(tokens.length, KeyValuePages.POSITIONS);
        int[] table = new int[pages];
        int[] index = new int[tokens.length];
        java.util.Arrays.setAll(table, i -> i);
        java.util.Arrays.setAll(index, i -> i);
        try (MemoryArena arena = kernels.arena("test");
                var buffers = transformer.inferenceBuffers("test")) {
            KeyValuePages store =
                    arena.allocatePages("whole", config.layers(), config.keyValueHeads(), config.headSize(), pages);
            var segments = new Segments();
            segments.add(tokens.length, 0, table);
            Tensor hidden = transformer.hidden(tokens, segments, store, buffers);
            Tensor logits = transformer.logits(hidden, index, tokens.length, buffers);
            for (int i = 0; i < tokens.length; i++) {
                reader.read(logits, i);
            }
        }
    }

    @Override
    public void close() {
        weights.close();
    }

    /** Ids 1, 2, 3 … are the letters a, b, c …; 0 ends a sequence and has no text. */
    static final class Letters implements Tokenizer {
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
        public int vocabularySize() {
            return VOCABULARY;
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
