// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;

/** Numbers that other people's code computed. */
class GoldenTest {
    @Test
    void theCasesOfThisRepository() throws IOException, URISyntaxException {
        Path golden = Path.of(GoldenTest.class.getResource("/golden").toURI());
        try (Kernels kernels = new ReferenceKernels()) {
            Report report = new Conformance(kernels).run(golden, result -> {});

            assertThat(report.failures()).isEmpty();
            assertThat(report.skipped()).isZero();
            assertThat(report.methods())
                    .extracting(MethodResult::method)
                    .contains(
                            "verl_grpo",
                            "trl_rloo",
                            "verl_policy_vanilla",
                            "trl_grpo_loss",
                            "logprob_entropy",
                            "top_p",
                            "greedy");
        }
    }

    @Test
    void theWholeSetWhereItLiesBesideTheCheckout() throws IOException {
        Path golden = Path.of("../../shared/golden").toAbsolutePath().normalize();
        assumeTrue(Files.isDirectory(golden), "no golden set at " + golden);
        try (Kernels kernels = new ReferenceKernels()) {
            assertThat(new Conformance(kernels).run(golden, result -> {}).failures())
                    .isEmpty();
        }
    }
}
