// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.runner.wiring.ChosenKernels;

/** Numbers that other people's code computed. */
class GoldenTest {
    @ParameterizedTest
    @ValueSource(strings = {"auto", "reference", "nd4j"})
    void theCasesOfThisRepository(KernelsChoice key) throws IOException, URISyntaxException {
        Path golden = Path.of(GoldenTest.class.getResource("/golden").toURI());
        try (Kernels kernels = ChosenKernels.open(key, Device.CPU, 2)) {
            Report report = new Conformance(kernels).run(golden, result -> {});

            assertThat(report.failures()).isEmpty();
            assertThat(report.skipped()).isZero();
            assertThat(report.methods())
                    .extracting(MethodResult::method)
                    .contains(
                            "verl_grpo",
                            "verl_gae",
                            "openrlhf_gae",
                            "trl_ppo_rewards_gae",
                            "verl_optimal_token_baseline",
                            "trl_rloo",
                            "verl_policy_vanilla",
                            "verl_value_loss",
                            "verl_adaptive_kl_controller",
                            "openrlhf_policy_loss",
                            "openrlhf_value_loss",
                            "trl_ppo_step",
                            "trl_grpo_loss",
                            "logprob_entropy",
                            "top_p",
                            "greedy");
        }
    }

    @Test
    void whatIsLeftOutIsInTheDocumentation() throws IOException {
        String axes = Files.readString(Path.of("../docs/algorithms/axes.md"));
        String leftOut = axes.substring(axes.indexOf("## Not offered"));
        assertThat(Replays.LEFT_OUT.values())
                .allSatisfy(name -> assertThat(leftOut).contains("| " + name + " ("));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "reference", "nd4j"})
    void theWholeSetWhereItLiesBesideTheCheckout(KernelsChoice key) throws IOException {
        Path golden = Path.of("../../shared/golden").toAbsolutePath().normalize();
        assumeTrue(Files.isDirectory(golden), "no golden set at " + golden);
        try (Kernels kernels = ChosenKernels.open(key, Device.CPU, 2)) {
            assertThat(new Conformance(kernels).run(golden, result -> {}).failures())
                    .isEmpty();
        }
    }
}
