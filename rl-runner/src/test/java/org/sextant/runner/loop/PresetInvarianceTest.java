// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;

/** On a real model, value loss and whitening included; what stands around rows and their order is tested with the algorithms. */
@DisplayName("What every preset of conf/algorithms learns")
class PresetInvarianceTest {
    private static final Path HOME = Path.of("..", "conf", "algorithms");

    @TempDir
    Path folder;

    static List<String> presets() throws IOException {
        try (Stream<Path> files = Files.list(HOME)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    /** Rewards are below 1, so what counts as a success is less than by default. */
    private static String phase(String preset, String more) {
        String success = List.of("raft.conf", "rft.conf").contains(preset) ? ", choice.threshold = 0.3" : "";
        return "phases = [ { kind = rl\ninclude file(\""
                + HOME.resolve(preset).toAbsolutePath().normalize() + "\")\n"
                + "steps = 2, prompts-per-step = 4, epochs = 2, optimiser.learning-rate = 0.01, "
                + "algorithm { samples-per-prompt = 3" + success + " }\n" + more + " } ]\n";
    }

    private SmallRun run(String name, String hocon, Kernels kernels) throws IOException {
        SmallRun run = new SmallRun(folder.resolve(name));
        run.run(hocon, kernels);
        return run;
    }

    @ParameterizedTest
    @MethodSource("presets")
    @DisplayName("Does not depend on how a batch is cut")
    void microBatches(String preset) throws IOException {
        SmallRun whole = run("whole", phase(preset, "optimiser.micro-batch-tokens = 100000"), new ReferenceKernels());
        SmallRun rows = run("rows", phase(preset, "optimiser.micro-batch-tokens = 1"), new ReferenceKernels());
        assertSame(rows, whole);
    }

    private static void assertSame(SmallRun found, SmallRun expected) {
        assertThat(expected.metrics.getFirst().get("grad_norm")).isPositive();
        for (int step = 0; step < expected.metrics.size(); step++) {
            SortedMap<String, Double> numbers = found.metrics.get(step);
            expected.metrics
                    .get(step)
                    .forEach((name, value) -> assertThat(numbers.get(name))
                            .as(name)
                            .isCloseTo(value, within(1e-7 * (1 + Math.abs(value)))));
        }
    }

    @Test
    @DisplayName("Does not depend on the order of rows")
    void orderOfRows() throws IOException {
        String more = "optimiser.micro-batch-tokens = 30";
        SmallRun forward = run("forward", phase("ppo.conf", more), new ReferenceKernels());
        String reversed = phase("ppo.conf", more).replace("algorithm {", "algorithm { name = reversed-ppo,");
        assertSame(run("reversed", reversed, new ReferenceKernels()), forward);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ppo.conf", "gspo.conf", "reinforce-pp-baseline.conf", "rft.conf"})
    @DisplayName("Is the same to the bit on any number of threads")
    void threads(String preset) throws IOException {
        SmallRun one = on(1, preset);
        SmallRun two = on(2, preset);
        assertThat(two.metrics).isEqualTo(one.metrics);
        assertThat(two.model()).isEqualTo(one.model());
    }

    private SmallRun on(int threads, String preset) throws IOException {
        try (Kernels kernels = KernelsChoice.AUTO.open(threads)) {
            return run(threads + " threads", phase(preset, ""), kernels);
        }
    }
}
