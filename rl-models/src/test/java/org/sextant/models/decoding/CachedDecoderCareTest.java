// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

/** Memory, errors of callers, and numbers that are not finite. */
class CachedDecoderCareTest {
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
