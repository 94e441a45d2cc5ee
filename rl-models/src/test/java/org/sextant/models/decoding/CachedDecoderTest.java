// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Finish;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Decoder.Row;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;

class CachedDecoderTest {
    private static final Sampling PLAIN = Sampling.atTemperature(1);
    private static final Sampling GREEDY = Sampling.greedyDecoding();
    private static final int[] PROMPT = {4, 8, 15, 16, 2, 3};

    private final Kernels kernels = new ReferenceKernels();
    private final TinyModel model = new TinyModel(kernels);
    private final DecodingMemory memory = new DecodingMemory(model.transformer, new DecodingSettings(4, 400, 16));
    private CachedDecoder decoder;

    @BeforeEach
    void open() {
        decoder = new CachedDecoder(memory, new TinyModel.Letters());
    }

    @AfterEach
    void close() {
        decoder.close();
        memory.close();
        model.close();
        kernels.close();
    }

    private static Stream stream(long sample) {
        return new Streams(3).open(new StreamKey("sample", 0, 0, sample));
    }

    private static Stop limit(int tokens) {
        return new Stop(tokens, Set.of(), List.of());
    }

    private List<Completion> run(Stop stop) {
        return decoder.run(stop, c -> {});
    }

    private int[] greedyAnswer(int tokens) {
        Row row = decoder.open(PROMPT, GREEDY, stream(0));
        int[] answer = run(limit(tokens)).getFirst().tokens();
        decoder.close(row);
        return answer;
    }

    // ---- how answers end

    @Test
    void aStopTokenEndsTheAnswerAndBelongsToIt() {
        int[] free = greedyAnswer(12);
        int stopToken = free[5];
        int first = IntStream.range(0, 12)
                .filter(i -> free[i] == stopToken)
                .findFirst()
                .orElseThrow();
        decoder.open(PROMPT, GREEDY, stream(0));
        Completion c = run(new Stop(12, Set.of(stopToken), List.of())).getFirst();
        assertThat(c.finish()).isEqualTo(stopToken == TinyModel.EOS ? Finish.EOS : Finish.STOP);
        assertThat(c.tokens()).containsExactly(Arrays.copyOf(free, first + 1));
    }

    @Test
    void theTokenizersEndOfSequenceIsReportedAsEos() {
        var everythingElse = IntStream.range(1, TinyModel.VOCABULARY).boxed().toList();
        decoder.open(PROMPT, new Sampling(false, 1, 0, 1, 0, 1, 0, 1, 0, 0, everythingElse), stream(0));
        Completion c = run(new Stop(5, Set.of(TinyModel.EOS, 3), List.of())).getFirst();
        assertThat(c.finish()).isEqualTo(Finish.EOS);
        assertThat(c.tokens()).containsExactly(TinyModel.EOS);
        assertThat(c.samplingLogp()).containsExactly(0.0);
        int[] all = {4, 8, 15, 16, 2, 3, TinyModel.EOS};
        assertThat(c.oldLogp()).containsExactly(model.score(List.of(all), 1).getFirst()[6]);
    }

    @Test
    void everyIdThatEndsASequenceIsReportedAsEos() {
        decoder.close();
        decoder = new CachedDecoder(memory, new TinyModel.Letters(TinyModel.VOCABULARY, Set.of(TinyModel.EOS, 3)));
        var everythingElse = IntStream.range(0, TinyModel.VOCABULARY)
                .filter(id -> id != 3)
                .boxed()
                .toList();
        decoder.open(PROMPT, new Sampling(false, 1, 0, 1, 0, 1, 0, 1, 0, 0, everythingElse), stream(0));
        Completion c = run(new Stop(5, Set.of(TinyModel.EOS, 3), List.of())).getFirst();
        assertThat(c.finish()).isEqualTo(Finish.EOS);
        assertThat(c.tokens()).containsExactly(3);
    }

    /** An embedding table is often longer than the vocabulary. */
    @Test
    void idsThatTheTokenizerDoesNotKnowAreNeverSampled() {
        int known = 10;
        decoder.close();
        decoder = new CachedDecoder(memory, new TinyModel.Letters(known, Set.of(TinyModel.EOS)));
        int[] prompt = {4, 8, 2, 3};
        for (int sample = 0; sample < 4; sample++) {
            decoder.open(prompt, PLAIN, stream(sample));
        }
        for (Completion c : run(limit(12))) {
            assertThat(IntStream.of(c.tokens())).allMatch(id -> id < known);
            int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(c.tokens()))
                    .toArray();
            double[] scored = model.score(List.of(all), 1).getFirst();
            double[][] logits = model.logits(all);
            for (int t = 0; t < c.tokens().length; t++) {
                int at = prompt.length + t;
                assertThat(c.oldLogp()[t]).isEqualTo(scored[at]);
                double mass = Arrays.stream(logits[at - 1])
                        .limit(known)
                        .map(Math::exp)
                        .sum();
                double expected = logits[at - 1][c.tokens()[t]] - Math.log(mass);
                assertThat(c.samplingLogp()[t]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @Test
    void aStopStringEndsTheAnswerWhereItsLastTokenIs() {
        var tokenizer = new TinyModel.Letters();
        String text = tokenizer.decode(greedyAnswer(20));
        String string = text.substring(6, 9);
        decoder.open(PROMPT, GREEDY, stream(0));
        Completion c = run(new Stop(20, Set.of(), List.of("never?", string))).getFirst();
        assertThat(c.finish()).isEqualTo(Finish.STOP);
        assertThat(tokenizer.decode(c.tokens())).isEqualTo(text.substring(0, text.indexOf(string) + 3));
    }

    @Test
    void theLimitOfNewTokensCountsEachTurn() {
        Row row = decoder.open(PROMPT, PLAIN, stream(0));
        assertThat(run(limit(7)).getFirst().finish()).isEqualTo(Finish.LENGTH);
        assertThat(run(limit(7))).as("nothing is unanswered").isEmpty();
        decoder.append(row, new int[] {1});
        Completion second = run(limit(3)).getFirst();
        assertThat(second.tokens()).hasSize(3);
        assertThat(row.tokens()).hasSize(6 + 7 + 1 + 3);
    }

    @Test
    void aFullContextEndsTheAnswer() {
        Row row = decoder.open(new int[TinyModel.CONTEXT - 1], PLAIN, stream(0));
        Row shorter = decoder.open(new int[TinyModel.CONTEXT - 9], PLAIN, stream(1));
        List<Completion> done = run(limit(500));
        assertThat(done).extracting(Completion::finish).containsExactly(Finish.CONTEXT, Finish.CONTEXT);
        assertThat(done).extracting(c -> c.tokens().length).containsExactly(1, 9);
        assertThat(row.tokens()).hasSize(TinyModel.CONTEXT);
        assertThat(decoder.fits(shorter, 0)).isFalse();
        assertThatThrownBy(() -> decoder.append(shorter, new int[] {1})).hasMessageContaining("context of 100");
    }

    @Test
    void minLengthHoldsTheEndBackAndSuppressedTokensNeverCome() {
        var sampling = new Sampling(false, 2, 0, 1, 0, 1, 0, 1, 9, 0, List.of(5, 6));
        for (int i = 0; i < 40; i++) {
            decoder.open(PROMPT, sampling, stream(i));
        }
        List<Completion> done = run(new Stop(30, Set.of(TinyModel.EOS), List.of()));
        assertThat(done).anyMatch(c -> c.finish() == Finish.EOS);
        assertThat(done).allSatisfy(c -> {
            assertThat(c.tokens()).doesNotContain(5, 6);
            assertThat(Arrays.copyOf(c.tokens(), 9)).doesNotContain(TinyModel.EOS);
        });
    }

    // ---- what is recorded

    /** Pearson against softmax over the five largest; 4 degrees of freedom, so above 18.5 once in a thousand, and the seed is fixed. */
    @Test
    void frequenciesAndSamplingLogpAreThoseOfTheFilteredDistribution() {
        double[] logits = model.logits(PROMPT)[PROMPT.length - 1];
        int[] best = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Double.compare(logits[b], logits[a]))
                .limit(5)
                .mapToInt(i -> i)
                .toArray();
        double sum =
                IntStream.of(best).mapToDouble(i -> Math.exp(logits[i] / 0.8)).sum();
        var sampling = new Sampling(false, 0.8, 5, 1, 0, 1, 0, 1, 0, 0, List.of());
        int n = 3000;
        Row first = decoder.open(PROMPT, sampling, stream(0));
        for (int sample = 1; sample < n; sample++) {
            decoder.fork(first, sampling, stream(sample));
        }
        int[] counts = new int[logits.length];
        for (Completion c : run(limit(1))) {
            int token = c.tokens()[0];
            counts[token]++;
            assertThat(c.samplingLogp()[0]).isCloseTo(logits[token] / 0.8 - Math.log(sum), within(1e-12));
        }
        double chiSquare = 0;
        for (int id : best) {
            double expected = n * Math.exp(logits[id] / 0.8) / sum;
            chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
        }
        assertThat(IntStream.of(best).map(i -> counts[i]).sum()).isEqualTo(n);
        assertThat(chiSquare).isLessThan(18.5);
    }

    @Test
    void withoutFiltersBothLogProbabilitiesAreOne() {
        decoder.open(PROMPT, Sampling.atTemperature(1.7), stream(0));
        decoder.open(PROMPT, GREEDY, stream(1));
        List<Completion> done = run(limit(9));
        assertThat(done.get(0).samplingLogp()).containsExactly(done.get(0).oldLogp());
        assertThat(done.get(1).samplingLogp()).containsOnly(0.0);
        assertThat(done.get(1).oldLogp()).doesNotContain(0.0);
    }

    // ---- rows come and go

    @Test
    void completionsComeAsTheyFinishAndAreReturnedInTheOrderOfOpening() {
        int room = TinyModel.CONTEXT - 20;
        decoder.open(PROMPT, PLAIN, stream(0));
        decoder.open(new int[room], PLAIN, stream(1));
        decoder.open(new int[room + 15], PLAIN, stream(2));
        List<Integer> lengths = new ArrayList<>();
        List<Completion> all = decoder.run(limit(40), c -> lengths.add(c.tokens().length));
        assertThat(lengths).containsExactly(5, 20, 40);
        assertThat(all).extracting(c -> c.tokens().length).containsExactly(40, 20, 5);
    }

    @Test
    void aRowClosedWhileItGeneratesIsNotReported() {
        decoder.open(new int[TinyModel.CONTEXT - 1], PLAIN, stream(0));
        Row going = decoder.open(PROMPT, PLAIN, stream(1));
        for (int i = 2; i < 6; i++) {
            decoder.open(PROMPT, PLAIN, stream(i));
        }
        Row waiting = decoder.open(PROMPT, PLAIN, stream(6));
        List<Completion> all = decoder.run(limit(5), c -> {
            decoder.close(going);
            decoder.close(waiting);
        });
        assertThat(all).hasSize(5).noneMatch(c -> c.row() == going || c.row() == waiting);
        assertThatThrownBy(() -> decoder.append(going, PROMPT)).hasMessageContaining("row 1 is closed");
    }

    @Test
    void anErrorOfTheCallerLeavesTheDecoderToBeClosed() {
        decoder.open(PROMPT, PLAIN, stream(0));
        assertThatThrownBy(() -> decoder.run(limit(2), c -> {
                    throw new IllegalArgumentException("a reward failed");
                }))
                .hasMessage("a reward failed");
        decoder.close();
        assertThat(memory.pool.freePages()).isEqualTo(memory.pool.pages());
    }
}
