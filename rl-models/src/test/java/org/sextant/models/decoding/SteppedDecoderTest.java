// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.api.experience.Finish;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;

@DisplayName("A decoder of a model that carries a state")
class SteppedDecoderTest {
    private static final int VOCABULARY = TinyModel.VOCABULARY;
    private static final Sampling PLAIN = Sampling.atTemperature(1);
    private static final Stop FIVE = new Stop(5, Set.of(TinyModel.EOS), List.of());

    /** Remembers a hash of all tokens so far, which the logits are made from: one that is missing or doubled shows. */
    private static final class Hashed implements NextTokens<long[]> {
        private final int atOnce;
        int fed;

        Hashed(int atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public int vocabulary() {
            return VOCABULARY;
        }

        @Override
        public int context() {
            return 40;
        }

        @Override
        public int tokensAtOnce() {
            return atOnce;
        }

        @Override
        public long[] begin() {
            return new long[1];
        }

        @Override
        public long[] copy(long[] state) {
            return state.clone();
        }

        @Override
        public void feed(List<Piece<long[]>> pieces, double[][] logits) {
            for (int i = 0; i < pieces.size(); i++) {
                Piece<long[]> piece = pieces.get(i);
                assertThat(piece.to()).isGreaterThan(piece.from());
                for (int t = piece.from(); t < piece.to(); t++) {
                    piece.state()[0] = 31 * piece.state()[0] + piece.tokens()[t] + 1;
                    fed++;
                }
                System.arraycopy(logits(piece.state()[0]), 0, logits[i], 0, VOCABULARY);
            }
        }

        static double[] logits(long hash) {
            double[] logits = new double[VOCABULARY];
            Arrays.setAll(logits, v -> Math.floorMod(hash * (v + 7), 101) / 50.0);
            return logits;
        }
    }

    private static Stream stream(long sample) {
        return new Streams(3).open(new StreamKey("sample", 0, 0, sample));
    }

    private static SteppedDecoding decoding(Hashed model, int rows) {
        return new SteppedDecoding(model, new DecodingSettings(rows, 40, 512));
    }

    /** log softmax of the logits after all tokens but the last, at it. */
    private static double logProb(int[] tokens, int length) {
        long hash = 0;
        for (int t = 0; t < length - 1; t++) {
            hash = 31 * hash + tokens[t] + 1;
        }
        double[] logits = Hashed.logits(hash);
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return logits[tokens[length - 1]] - Math.log(sum);
    }

    private static List<Completion> answers(int atOnce, int rows) {
        List<Completion> all = new ArrayList<>();
        try (Decoder decoder = decoding(new Hashed(atOnce), rows).open(new TinyModel.Letters())) {
            for (int i = 0; i < 7; i++) {
                int[] prompt = Arrays.copyOf(new int[] {3, 1, 4, 1, 5, 9, 2}, 1 + i % 4);
                Decoder.Row first = decoder.open(prompt, PLAIN, stream(i));
                decoder.fork(first, PLAIN, stream(10 + i));
                decoder.fork(first, PLAIN, stream(20 + i));
            }
            all.addAll(decoder.run(FIVE, c -> {}));
            all.forEach(c -> decoder.append(c.row(), new int[] {6, 6}));
            all.addAll(decoder.run(FIVE, c -> {}));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    @DisplayName("Gives a row the same answer however many rows and tokens go in at once")
    void alone(int rows) {
        List<Completion> one = answers(1, rows);
        List<Completion> whole = answers(Integer.MAX_VALUE, 1);
        assertThat(one).hasSize(42).extracting(Completion::tokens).containsExactlyElementsOf(tokens(whole));
        assertThat(one).extracting(Completion::finish).containsExactlyElementsOf(finishes(whole));
    }

    private static List<int[]> tokens(List<Completion> answers) {
        return answers.stream().map(Completion::tokens).toList();
    }

    private static List<Finish> finishes(List<Completion> answers) {
        return answers.stream().map(Completion::finish).toList();
    }

    @Test
    @DisplayName("Says the log-probability of what it chose, given all tokens before")
    void logProbs() {
        List<Completion> answers = answers(1, 5);
        for (Completion c : answers.subList(21, 42)) {
            int[] row = c.row().tokens();
            int n = c.tokens().length;
            for (int i = 0; i < n; i++) {
                assertThat(c.oldLogp()[i]).isCloseTo(logProb(row, row.length - n + i + 1), within(1e-12));
                assertThat(c.samplingLogp()[i]).isEqualTo(c.oldLogp()[i]);
            }
        }
        assertThat(finishes(answers)).contains(Finish.EOS, Finish.LENGTH);
    }

    @Test
    @DisplayName("Computes the prompt of a group once")
    void groups() {
        Hashed model = new Hashed(1);
        try (Decoder decoder = decoding(model, 16).open(new TinyModel.Letters())) {
            Decoder.Row first = decoder.open(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, PLAIN, stream(0));
            for (int i = 1; i < 8; i++) {
                decoder.fork(first, PLAIN, stream(i));
            }
            List<Completion> answers = decoder.run(FIVE, c -> {});
            int generated = answers.stream().mapToInt(c -> c.tokens().length).sum();
            // The last token of an answer is not fed: nothing comes after it.
            assertThat(model.fed).isEqualTo(10 + generated - 8);
        }
    }

    @Test
    @DisplayName("Refuses what does not fit, and rows that are not its own")
    void refusals() {
        SteppedDecoding decoding = decoding(new Hashed(1), 4);
        Decoder decoder = decoding.open(new TinyModel.Letters());
        assertThatThrownBy(() -> decoding.open(new TinyModel.Letters())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(decoding::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> decoder.open(new int[40], PLAIN, stream(0)))
                .hasMessageContaining("leaves no room for an answer token");
        assertThatThrownBy(() -> decoder.open(new int[] {VOCABULARY}, PLAIN, stream(0)))
                .hasMessageContaining("the model has ids 0 to 16");
        Decoder.Row row = decoder.open(new int[35], PLAIN, stream(0));
        assertThat(decoder.fits(row, 4)).isTrue();
        assertThat(decoder.fits(row, 5)).isFalse();
        assertThatThrownBy(() -> decoder.append(row, new int[5])).hasMessageContaining("leaves no room");
        decoder.close(row);
        assertThatThrownBy(() -> decoder.append(row, new int[1])).hasMessageContaining("is closed");
        decoder.close();
        assertThatThrownBy(() -> decoder.run(FIVE, c -> {})).hasMessageContaining("the decoder is closed");
        decoding.close();
    }
}
