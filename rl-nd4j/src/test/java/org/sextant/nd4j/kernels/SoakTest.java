// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.LogProb;
import org.sextant.api.output.Output;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.rollout.Stop;
import org.sextant.models.ForwardPass;
import org.sextant.models.LanguageModel;
import org.sextant.models.TestModels;
import org.sextant.models.decoding.CachedDecoder;
import org.sextant.models.decoding.DecodingMemory;
import org.sextant.models.decoding.DecodingSettings;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.transformer.TransformerConfig;

@Tag("slow")
@DisplayName("Sampling and training hold no more memory after thousands of steps")
class SoakTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int STEPS = 2000;
    private static final int WARM = 400;
    private static final int[] LONGEST = {40, 40, 40, 40, 40, 40};
    private static final Output LOG_PROB = new LogProb();

    private final TransformerConfig config =
            TransformerConfig.llama(14, 32, 1, 4, 2, 8, 64, 64, 1e4, 1e-5, true, List.of(0), OptionalInt.empty());
    private final OptimiserSettings settings =
            new OptimiserSettings(1e-3, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.95, 1e-8, 0.1, 1, 4096);

    @Test
    void resident() throws IOException {
        assumeThat(STATUS).as("resident size is read on Linux").exists();
        Random lengths = new Random(5);
        try (Nd4jKernels kernels = new Nd4jKernels(1);
                LanguageModel model =
                        LanguageModel.fresh(config, Set.of(), kernels, new Streams(1).open(StreamKey.of("init")));
                AdamW optimiser = new AdamW(model.trained(), settings, STEPS, kernels);
                var memory = new DecodingMemory(model.transformer(), new DecodingSettings(8, 512, 64))) {
            long warm = 0;
            List<MemoryUse> warmUse = List.of();
            for (int step = 0; step < STEPS; step++) {
                if (step == WARM) {
                    warm = residentBytes();
                    warmUse = kernels.memory();
                }
                // The first is the largest.
                train(
                        model,
                        optimiser,
                        step == 0 ? LONGEST : lengths.ints(6, 2, 40).toArray(),
                        step);
                if (step % 10 == 0) {
                    sample(memory, step);
                }
            }
            assertThat(kernels.memory()).isEqualTo(warmUse);
            double growth = (double) residentBytes() / warm - 1;
            assertThat(growth).as("growth of the resident size").isCloseTo(0, within(0.05));
        }
    }

    private static void train(LanguageModel model, AdamW optimiser, int[] lengths, long seed) {
        Experience batch = TestModels.batch(14, seed, lengths);
        ForwardPass pass = model.forward(batch, Set.of(LOG_PROB), 1);
        double[] gradient = new double[pass.get(LOG_PROB).length];
        Arrays.fill(gradient, -1e-2);
        pass.backward(Map.of(LOG_PROB, gradient));
        optimiser.step();
    }

    private static void sample(DecodingMemory memory, long step) {
        try (var decoder = new CachedDecoder(memory, CharacterTokenizer.of("0123456789+="))) {
            for (int row = 0; row < 8; row++) {
                decoder.open(
                        new int[] {1, 2, 3},
                        Sampling.atTemperature(1),
                        new Streams(3).open(new StreamKey("sample", step, row, 0)));
            }
            decoder.run(new Stop(12, Set.of(), List.of()), c -> {});
        }
    }

    /** After a collection, which is when ND4J gives back its windows. */
    private static long residentBytes() throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
