// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.sextant.api.random.Stream;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Decoder;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.LanguageModel;
import org.sextant.models.decoding.CachedDecoder;
import org.sextant.models.decoding.DecodingMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.text.IdsOnly;

/** Answers to random prompts, each another one and none forked, sampled at temperature 1. */
final class RolloutWork implements AutoCloseable {
    private final int vocabulary;
    private final int prompts;
    private final int promptTokens;
    private final int newTokens;
    private final DecodingMemory memory;
    private final Streams streams;
    private int round;

    RolloutWork(LanguageModel model, BenchSettings settings, Streams streams) {
        this(model, settings.prompts(), settings.promptTokens(), settings.newTokens(), streams);
    }

    RolloutWork(LanguageModel model, int prompts, int promptTokens, int newTokens, Streams streams) {
        this.vocabulary = model.config().vocabulary();
        this.prompts = prompts;
        this.promptTokens = promptTokens;
        this.newTokens = newTokens;
        this.memory = new DecodingMemory(
                model.transformer(), DecodingSettings.forContext(model.config().context()));
        this.streams = streams;
    }

    int round() {
        round++;
        try (Decoder decoder = new CachedDecoder(memory, new IdsOnly(vocabulary))) {
            Stream ids = streams.open(new StreamKey("prompts", round, 0, 0));
            for (int row = 0; row < prompts; row++) {
                int[] prompt = new int[promptTokens];
                Arrays.setAll(prompt, i -> ids.nextInt(vocabulary));
                decoder.open(prompt, Sampling.atTemperature(1), streams.open(new StreamKey("sampling", round, row, 0)));
            }
            Stop stop = new Stop(newTokens, Set.of(), List.of());
            return decoder.run(stop, completion -> {}).stream()
                    .mapToInt(completion -> completion.tokens().length)
                    .sum();
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
