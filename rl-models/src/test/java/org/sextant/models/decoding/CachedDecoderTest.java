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
import org.sextant.models.NonFiniteException;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;

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

    @Test
    void closingGivesEveryPageBackAndTheMemoryEveryByte() {
        Row first = decoder.open(new int[40], PLAIN, stream(0));
        decoder.fork(first, PLAIN, stream(1));
        run(limit(30));
        Row late = decoder.fork(first, PLAIN, stream(2));
        decoder.append(late, new int[] {1});
        decoder.close(first);
        run(limit(10));
        decoder.close();
        assertThat(memory.pool.freePages()).isEqualTo(memory.pool.pages()).isPositive();
        assertThat(held("cache")).isPositive();
        memory.close();
        assertThat(held("cache")).isZero();
    }

    private long held(String role) {
        return kernels.memory().stream()
                .filter(m -> m.role().equals(role))
                .mapToLong(m -> m.bytes())
                .sum();
    }

    @Test
    void theNextDecoderReusesTheMemory() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 8; i++) {
                decoder.open(PROMPT, PLAIN, stream(i));
            }
            run(limit(30));
            decoder.close();
            long bytes = held("cache");
            decoder = new CachedDecoder(memory, new TinyModel.Letters());
            for (int i = 0; i < 8; i++) {
                decoder.open(PROMPT, PLAIN, stream(i));
            }
            run(limit(30));
            assertThat(held("cache")).isEqualTo(bytes);
        }
    }

    // ---- errors

    @Test
    void promptsAreCheckedAndNeverCut() {
        assertThatThrownBy(() -> decoder.open(new int[TinyModel.CONTEXT], PLAIN, stream(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompt of 100 tokens")
                .hasMessageContaining("context of 100")
                .hasMessageContaining("at most 99");
        assertThatThrownBy(() -> decoder.open(new int[0], PLAIN, stream(0))).hasMessageContaining("prompt is empty");
        assertThatThrownBy(() -> decoder.open(new int[] {1, 17}, PLAIN, stream(0)))
                .hasMessageContaining("token 1 of the prompt is 17")
                .hasMessageContaining("0 to 16");
        var suppressing = new Sampling(false, 1, 0, 1, 0, 1, 0, 1, 0, 0, List.of(-1));
        assertThatThrownBy(() -> decoder.open(PROMPT, suppressing, stream(0)))
                .hasMessageContaining("suppressed token is -1");
        assertThatThrownBy(() -> decoder.open(PROMPT, Sampling.atTemperature(0), stream(0)))
                .hasMessageContaining("greedy");
        assertThatThrownBy(() -> run(new Stop(1, Set.of(), List.of("")))).hasMessageContaining("stop string is empty");
        assertThatThrownBy(() -> run(new Stop(1, Set.of(99), List.of()))).hasMessageContaining("stop token is 99");
    }

    @Test
    void useAfterCloseIsAnError() {
        Row row = decoder.open(PROMPT, PLAIN, stream(0));
        decoder.close();
        decoder.close();
        assertThatThrownBy(() -> decoder.open(PROMPT, PLAIN, stream(0))).hasMessage("the decoder is closed");
        assertThatThrownBy(() -> decoder.fork(row, PLAIN, stream(0))).hasMessage("the decoder is closed");
        assertThatThrownBy(() -> decoder.append(row, PROMPT)).hasMessage("the decoder is closed");
        assertThatThrownBy(() -> decoder.close(row)).hasMessage("the decoder is closed");
        assertThatThrownBy(() -> run(limit(1))).hasMessage("the decoder is closed");
        memory.close();
        assertThatThrownBy(() -> new CachedDecoder(memory, new TinyModel.Letters()))
                .hasMessageContaining("memory is closed");
    }

    @Test
    void misuseIsNamed() {
        Row row = decoder.open(PROMPT, PLAIN, stream(0));
        assertThatThrownBy(() -> new CachedDecoder(memory, new TinyModel.Letters()))
                .hasMessageContaining("close it first");
        assertThatThrownBy(memory::close).hasMessageContaining("a decoder is open");
        assertThatThrownBy(() -> decoder.fork(() -> PROMPT, PLAIN, stream(1))).hasMessageContaining("another decoder");
        Row other = decoder.open(new int[TinyModel.CONTEXT - 1], PLAIN, stream(2));
        decoder.run(limit(9), c -> {
            if (c.row() == other) {
                assertThatThrownBy(() -> decoder.append(row, PROMPT)).hasMessageContaining("row 0 is still generating");
                assertThatThrownBy(() -> run(limit(1))).hasMessageContaining("running already");
            }
        });
        assertThatThrownBy(() -> new DecodingMemory(model.transformer, new DecodingSettings(1, 99, 1)))
                .hasMessageContaining("99 tokens")
                .hasMessageContaining("at least 100");
        assertThatThrownBy(() -> new DecodingSettings(8, 100, 7)).hasMessageContaining("chunkTokens 7");
    }

    @Test
    void damagedWeightsAreCaughtInTheStepInWhichTheyAreUsed() {
        Parameter norm = model.transformer.parameters().get(1);
        kernels.set(norm.value(), 0, 3, Double.NaN);
        decoder.open(PROMPT, PLAIN, stream(0));
        assertThatThrownBy(() -> run(limit(1)))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageContaining("first in " + norm.name());
    }

    /** Rows of tokens with a zero embedding stay zero; one row has another token, and sums of huge weights overflow in it. */
    @Test
    void theRowWithNumbersThatAreNotFiniteIsNamed() {
        Tensor embedding = parameter("model.embed_tokens.weight");
        for (int id = 0; id < TinyModel.VOCABULARY; id++) {
            for (int column = 0; id != 9 && column < embedding.columns(); column++) {
                kernels.set(embedding, id, column, 0);
            }
        }
        Tensor down = parameter("model.layers.0.mlp.down_proj.weight");
        for (int column = 0; column < down.columns(); column++) {
            kernels.set(down, 0, column, Double.MAX_VALUE);
        }
        for (int i = 0; i < 3; i++) {
            decoder.open(PROMPT, GREEDY, stream(i));
        }
        decoder.open(new int[] {1, 9}, GREEDY, stream(3));
        assertThatThrownBy(() -> run(limit(1))).isInstanceOfSatisfying(NonFiniteException.class, e -> {
            assertThat(e.tensor()).startsWith("model.layers.0.mlp");
            assertThat(e.rows()).containsExactly(3);
        });
    }

    private Tensor parameter(String name) {
        return model.transformer.parameters().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
