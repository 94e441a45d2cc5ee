// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;

class BenchmarkTest {
    private static final BenchSettings TINY = new BenchSettings(1, 2, 16, 2, 11, 3, 5, 4, 3, 6, 1);

    @Test
    void printsTheKeysOfThePeerAndItsOwn() throws Exception {
        List<String> heard = new ArrayList<>();
        JsonNode found;
        try (Kernels kernels = new ReferenceKernels()) {
            Throughput.Timing once = new Throughput.Timing(0, 1, 1, 0);
            found = new ObjectMapper()
                    .readTree(Benchmark.run(TINY, kernels, 32, once, heard::add).json());
        }

        assertThat(found.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "torch",
                        "threads",
                        "blas_core",
                        "gemm_gflops",
                        "train",
                        "rollout",
                        "gemm_only",
                        "flops_per_token",
                        "kernels");
        for (String work : List.of("train", "rollout")) {
            assertThat(found.get(work).get("tokens_per_second").doubleValue()).isPositive();
            assertThat(found.get(work).get("tokens_per_cpu_second").doubleValue())
                    .isPositive();
            assertThat(found.get("gemm_only").get(work).doubleValue()).isPositive();
        }
        assertThat(found.get("threads").intValue()).isEqualTo(1);
        assertThat(found.get("kernels").textValue()).startsWith("reference");
        assertThat(heard).hasSize(5);
    }

    /** By hand for the default: 6 · (4 layers · (4·256² + 3·256·688) + 64·256). */
    @Test
    void countsSixOperationsForEachWeightThatATokenMeets() {
        assertThat(BenchSettings.DEFAULT.flopsPerToken()).isEqualTo(19_070_976.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 256, 384, 512, 768, 1024})
    void theModelHasTwelveTimesHiddenSquaredWeightsALayer(int hidden) {
        BenchSettings settings = new BenchSettings(1, 1, hidden, 4, 64, 1, 2, 1, 1, 1, 1);
        var model = settings.model();

        assertThat(model.intermediate() % 16).isZero();
        assertThat(Math.abs(model.intermediate() - 8 * hidden / 3.0)).isLessThanOrEqualTo(8);
        long layer = model.parameterCount() - 64L * hidden - 3L * hidden;
        assertThat((double) layer).isCloseTo(12.0 * hidden * hidden, within(24.0 * hidden));
        assertThat(model.keyValueHeads()).isEqualTo(model.heads());
        assertThat(model.tied()).isTrue();
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatThrownBy(() -> new BenchSettings(1, 2, 30, 4, 11, 3, 5, 4, 3, 6, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--hidden 30")
                .hasMessageContaining("multiple of 8");
        assertThatThrownBy(() -> new BenchSettings(1, 2, 16, 2, 11, 3, 5, 0, 3, 6, 1))
                .hasMessageContaining("--prompts is 0");
    }
}
