// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Finish;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder.Row;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.TestModels;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.VectorKernels;

/**
 * What a row generates, and every bit of its log-probabilities, depends on the row alone; the oracle is the model without a cache. Kernels that promise
 * no bits agree closely.
 */
class CachedDecoderBitsTest {
    /** Prompt lengths around a page's 32 positions. */
    private static final int[] LENGTHS = {1, 7, 31, 32, 33, 50};

    private static final Sampling FILTERED = new Sampling(false, 0.7, 9, 0.95, 0, 1, 0, 1.1, 2, 0, List.of(3));

    static java.util.stream.Stream<Named<TestKernels>> kernels() {
        return TestKernels.all();
    }

    private static int[] prompt(int length) {
        return new SplittableRandom(length)
                .ints(length, 1, TinyModel.VOCABULARY)
                .toArray();
    }

    private static Stream stream(long item, long sample) {
        return new Streams(9).open(new StreamKey("sample", 0, item, sample));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void greedyTokensAreThoseOfRecomputingEverything(TestKernels make) {
        try (Kernels kernels = make.open();
                var model = new TinyModel(kernels);
                var memory = new DecodingMemory(model.transformer, new DecodingSettings(4, 200, 9));
                var decoder = new CachedDecoder(memory, new TinyModel.Letters())) {
            for (int length : LENGTHS) {
                decoder.open(prompt(length), Sampling.greedyDecoding(), stream(0, 0));
            }
            List<Completion> done = decoder.run(new Stop(40, Set.of(), List.of()), c -> {});
            assertThat(done).hasSize(LENGTHS.length);
            for (int i = 0; i < LENGTHS.length; i++) {
                int[] all = done.get(i).row().tokens();
                assertThat(all).startsWith(prompt(LENGTHS[i])).hasSize(LENGTHS[i] + 40);
                double[][] logits = model.logits(all);
                for (int t = LENGTHS[i]; t < all.length; t++) {
                    assertThat(all[t]).isEqualTo(argmax(logits[t - 1]));
                }
            }
        }
    }

    private static int argmax(double[] row) {
        return IntStream.range(0, row.length)
                .reduce((a, b) -> row[b] > row[a] ? b : a)
                .orElseThrow();
    }

    /**
     * Groups that fork before and after a run, answer, get an observation and answer again: the same under every setting, in either order
     * of opening, and bit-equal to scoring the finished rows alone.
     */
    @ParameterizedTest
    @MethodSource("kernels")
    void settingsAndOrderChangeNothing(TestKernels make) {
        try (Kernels kernels = make.open();
                var model = new TinyModel(kernels)) {
            var together = new Conversation(model, new DecodingSettings(64, 4000, 512), false);
            together.requireScoresAloneAndInOneBatch();
            assertThat(together.answers).hasSize(24 + 30);
            assertThat(together.answers.values())
                    .extracting(Answer::finish)
                    .contains(Finish.EOS, Finish.STOP, Finish.LENGTH);
            boolean reversed = false;
            for (var settings : List.of(
                    new DecodingSettings(1, 100, 1),
                    new DecodingSettings(3, 128, 5),
                    new DecodingSettings(64, 128, 64),
                    new DecodingSettings(7, 700, 11))) {
                reversed = !reversed;
                var other = new Conversation(model, settings, reversed);
                other.requireAnswersOf(together);
                assertThat(other.counts.generated()).isEqualTo(together.counts.generated());
                assertThat(other.counts.promptComputed())
                        .as("caches gave way and were computed again with %s", settings)
                        .isGreaterThan(together.counts.promptComputed());
            }
        }
    }

    @Test
    void threadsChangeNothing() {
        try (Kernels one = new VectorKernels(1);
                Kernels two = new VectorKernels(2);
                var ofOne = new TinyModel(one);
                var ofTwo = new TinyModel(two)) {
            var settings = new DecodingSettings(64, 4000, 512);
            assertThat(new Conversation(ofTwo, settings, false).answers)
                    .isEqualTo(new Conversation(ofOne, settings, false).answers);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aRowAloneSaysTheSame(TestKernels make) {
        try (Kernels kernels = make.open();
                var model = new TinyModel(kernels)) {
            var together = new Conversation(model, new DecodingSettings(64, 4000, 512), false);
            try (var memory = new DecodingMemory(model.transformer, new DecodingSettings(1, 100, 32));
                    var decoder = new CachedDecoder(memory, new TinyModel.Letters())) {
                decoder.open(prompt(33), FILTERED, stream(4, 1));
                Completion alone = decoder.run(Conversation.FIRST, c -> {}).getFirst();
                new Answer(alone).requireSame(together.answers.get("4/1 first"), TestModels.agreement(kernels));
            }
        }
    }

    /** With room for all, a prompt goes through the model once for its whole group, and every answer token but the last once. */
    @ParameterizedTest
    @MethodSource("kernels")
    void aGroupPaysForItsPromptOnce(TestKernels make) {
        try (Kernels kernels = make.open();
                var model = new TinyModel(kernels);
                var memory = new DecodingMemory(model.transformer, new DecodingSettings(32, 4000, 40));
                var decoder = new CachedDecoder(memory, new TinyModel.Letters())) {
            for (int length : new int[] {33, 60}) {
                Row first = decoder.open(prompt(length), FILTERED, stream(length, 0));
                for (int sample = 1; sample < 8; sample++) {
                    decoder.fork(first, FILTERED, stream(length, sample));
                }
                decoder.close(first);
            }
            List<Completion> done = decoder.run(new Stop(6, Set.of(), List.of()), c -> {});
            assertThat(done).hasSize(14);
            assertThat(decoder.counts()).isEqualTo(new DecodingCounts(14 * 6, 33 + 60, 33 + 60 + 14 * 5));
        }
    }

    /** An answer by value. */
    private record Answer(List<Integer> tokens, List<Double> samplingLogp, List<Double> oldLogp, Finish finish) {
        Answer(Completion c) {
            this(
                    Arrays.stream(c.tokens()).boxed().toList(),
                    Arrays.stream(c.samplingLogp()).boxed().toList(),
                    Arrays.stream(c.oldLogp()).boxed().toList(),
                    c.finish());
        }

        void requireSame(Answer other, Offset<Double> agreement) {
            assertThat(tokens).isEqualTo(other.tokens);
            assertThat(finish).isEqualTo(other.finish);
            assertThat(numbers(samplingLogp)).containsExactly(numbers(other.samplingLogp), agreement);
            assertThat(numbers(oldLogp)).containsExactly(numbers(other.oldLogp), agreement);
        }

        private static double[] numbers(List<Double> boxed) {
            return boxed.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }

    /** Six groups of three, two turns; the second sample of each group is forked again between the turns. */
    private static final class Conversation {
        static final Stop FIRST = new Stop(12, Set.of(TinyModel.EOS), List.of("ab"));
        private static final Stop SECOND = new Stop(9, Set.of(TinyModel.EOS, 2), List.of());

        final Map<String, Answer> answers = new TreeMap<>();
        final DecodingCounts counts;
        private final TinyModel model;
        private final Map<Row, String> names = new HashMap<>();
        private final List<Scored> scored = new ArrayList<>();

        Conversation(TinyModel model, DecodingSettings settings, boolean reversed) {
            this.model = model;
            try (var memory = new DecodingMemory(model.transformer, settings);
                    var decoder = new CachedDecoder(memory, new TinyModel.Letters())) {
                for (int i = 0; i < LENGTHS.length; i++) {
                    openGroup(decoder, reversed ? LENGTHS.length - 1 - i : i);
                }
                for (Completion c : decoder.run(FIRST, c -> {})) {
                    record(c, " first");
                    nextTurn(decoder, c.row());
                }
                decoder.run(SECOND, c -> {
                    record(c, " second");
                    decoder.close(c.row());
                });
                counts = decoder.counts();
            }
        }

        void requireAnswersOf(Conversation other) {
            assertThat(answers.keySet()).isEqualTo(other.answers.keySet());
            answers.forEach((name, answer) -> answer.requireSame(other.answers.get(name), model.agreement()));
        }

        private void openGroup(CachedDecoder decoder, int group) {
            Sampling sampling = group % 2 == 0 ? FILTERED : Sampling.atTemperature(1.3);
            Row first = decoder.open(prompt(LENGTHS[group]), sampling, stream(group, 0));
            names.put(first, group + "/0");
            for (int sample = 1; sample < 4; sample++) {
                Sampling own = sample == 3 ? sampling.asGreedy() : sampling;
                names.put(decoder.fork(first, own, stream(group, sample)), group + "/" + sample);
            }
        }

        private void nextTurn(CachedDecoder decoder, Row row) {
            String name = names.get(row);
            int[] observation = prompt(5 + name.charAt(0) % 3);
            if (name.endsWith("/1")) {
                Row fork = decoder.fork(row, Sampling.atTemperature(1), stream(99, name.charAt(0)));
                names.put(fork, name + " fork");
                decoder.append(fork, new int[] {1, 2, 3});
            }
            decoder.append(row, observation);
        }

        private void record(Completion c, String turn) {
            answers.put(names.get(c.row()) + turn, new Answer(c));
            scored.add(new Scored(c.row().tokens(), ((CachedRow) c.row()).sampling.temperature(), c.oldLogp()));
        }

        void requireScoresAloneAndInOneBatch() {
            for (double temperature : new double[] {0.7, 1, 1.3}) {
                List<Scored> some = scored.stream()
                        .filter(s -> s.temperature == temperature)
                        .toList();
                List<double[]> batch =
                        model.score(some.stream().map(Scored::tokens).toList(), temperature);
                for (int i = 0; i < some.size(); i++) {
                    some.get(i).requireEndOf(batch.get(i), model.agreement());
                    some.get(i)
                            .requireEndOf(
                                    model.score(List.of(some.get(i).tokens), temperature)
                                            .getFirst(),
                                    model.agreement());
                }
            }
        }
    }

    /** A row when it finished a turn. */
    private record Scored(int[] tokens, double temperature, double[] oldLogp) {
        void requireEndOf(double[] scores, Offset<Double> agreement) {
            assertThat(Arrays.copyOfRange(scores, scores.length - oldLogp.length, scores.length))
                    .containsExactly(oldLogp, agreement);
        }
    }
}
