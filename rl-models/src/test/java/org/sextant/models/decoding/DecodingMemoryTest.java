// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.ModelOptions;
import org.sextant.models.PlannedMemory;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryUse;

class DecodingMemoryTest {
    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A decoder whose cache is full holds what was planned, up to the rounding of activations")
    void planned(Kernels kernels) {
        DecodingSettings settings = new DecodingSettings(24, 24 * TinyModel.CONTEXT, 64);
        try (kernels;
                TinyModel model = new TinyModel(kernels);
                DecodingMemory memory = new DecodingMemory(model.transformer, settings)) {
            try (CachedDecoder decoder = new CachedDecoder(memory, new TinyModel.Letters())) {
                for (int row = 0; row < settings.rows(); row++) {
                    int[] prompt = IntStream.range(0, TinyModel.CONTEXT - 2)
                            .map(i -> 1 + i % 5)
                            .toArray();
                    prompt[0] = row % TinyModel.VOCABULARY;
                    decoder.open(prompt, Sampling.greedyDecoding(), new Streams(1).open(StreamKey.of("row")));
                }
                decoder.run(new Stop(2, Set.of(), List.of()), c -> {});
            }
            long held = kernels.memory().stream()
                    .filter(use -> use.role().equals("cache"))
                    .mapToLong(MemoryUse::bytes)
                    .sum();
            long planned = PlannedMemory.cacheBytes(model.transformer.config(), ModelOptions.PLAIN, settings, kernels);
            assertThat((double) planned).isBetween(1.0 * held, 1.3 * held);
        }
    }
}
