// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.transformer.TransformerConfig;

@Tag("slow")
@DisplayName("Sampling and training hold no more memory after thousands of steps")
class SoakTest {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int STEPS = 2500;
    private static final int WARM = 500;
    private static final int[] LONGEST = {40, 40, 40, 40, 40, 40};
    private static final Output LOG_PROB = new LogProb();

    private static final TransformerConfig CONFIG =
            TransformerConfig.llama(14, 32, 1, 4, 2, 8, 64, 64, 1e4, 1e-5, true, List.of(0), OptionalInt.empty());
    private static final OptimiserSettings SETTINGS =
            new OptimiserSettings(1e-3, OptimiserSettings.Schedule.CONSTANT, 0, 1, 0.9, 0.95, 1e-8, 0.1, 1, 4096);

    @Test
    void resident(@TempDir Path directory) throws IOException, InterruptedException {
        assumeThat(STATUS).as("resident size is read on Linux").exists();
        Path said = directory.resolve("said.txt");
        // A process of its own, whose small heap is there from the beginning: what grows is not the heap, and
        // collections, which give back windows,
        // are frequent; without the large compiler, whose own memory comes and goes.
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms96m",
                        "-Xmx96m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:TieredStopAtLevel=1",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Soaking.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(said.toFile());
        // One arena of glibc's: what one thread gives back another can take.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        assertThat(process.waitFor(8, TimeUnit.MINUTES)).isTrue();
        String[] numbers = Files.readString(said).strip().split(" ");
        assertThat(numbers)
                .as("what the process said: allocations and bytes, before and after")
                .hasSize(4);
        assertThat(numbers[2]).as("allocations").isEqualTo(numbers[0]);
        assertThat(Double.parseDouble(numbers[3]) / Double.parseDouble(numbers[1]) - 1)
                .as("growth of the resident size")
                .isLessThan(0.05);
    }

    /** Trains, samples now and then, and says what it held when it was warm and what it holds in the end. */
    static final class Soaking {
        private Soaking() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Random lengths = new Random(5);
            StringBuilder held = new StringBuilder();
            try (Kernels kernels = new Nd4jKernelsProvider().open(1, Device.CPU);
                    LanguageModel model =
                            LanguageModel.fresh(CONFIG, Set.of(), kernels, new Streams(1).open(StreamKey.of("init")));
                    AdamW optimiser = new AdamW(model.trained(), SETTINGS, STEPS, kernels);
                    var memory = new DecodingMemory(model.transformer(), new DecodingSettings(8, 512, 64))) {
                for (int step = 0; step < STEPS; step++) {
                    if (step == WARM) {
                        held.append(held(kernels)).append(' ');
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
                System.out.println(held.append(held(kernels)));
            }
        }

        private static String held(Kernels kernels) throws IOException, InterruptedException {
            long allocations =
                    kernels.memory().stream().mapToLong(MemoryUse::allocations).sum();
            return allocations + " " + residentBytes();
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

    /** After collections, and time for ND4J's threads to give back the windows that they found. */
    private static long residentBytes() throws IOException, InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(250);
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
