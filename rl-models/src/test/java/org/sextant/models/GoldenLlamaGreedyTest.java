// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.model.Role;
import org.sextant.api.model.Tokenizer;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Completion;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.decoding.CachedDecoder;
import org.sextant.models.decoding.DecodingMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.Kernels;

@DisplayName("Greedy decoding gives the tokens that transformers gives")
class GoldenLlamaGreedyTest {
    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    void greedy(Kernels kernels) {
        JsonNode golden = GoldenLlama.oneCase("llama.greedy");
        List<int[]> kept = GoldenLlama.kept(golden.get("attention_mask"));
        int[][] ids = GoldenLlama.ints(golden.get("input_ids"));
        int[][] expected = GoldenLlama.ints(golden.get("new_tokens"));
        Tokenizer tokenizer = mock(Tokenizer.class);
        when(tokenizer.vocabularySize()).thenReturn(79);
        try (kernels;
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY);
                var memory = new DecodingMemory(model.transformer(), DecodingSettings.forContext(64));
                var decoder = new CachedDecoder(memory, tokenizer)) {
            for (int row = 0; row < ids.length; row++) {
                int[] padded = ids[row];
                int[] prompt = Arrays.stream(kept.get(row)).map(t -> padded[t]).toArray();
                decoder.open(prompt, Sampling.greedyDecoding(), new Streams(0).open(StreamKey.of("sample")));
            }
            List<Completion> done = decoder.run(new Stop(10, Set.of(), List.of()), c -> {});
            assertThat(done).extracting(Completion::tokens).containsExactly(expected);
        }
    }
}
