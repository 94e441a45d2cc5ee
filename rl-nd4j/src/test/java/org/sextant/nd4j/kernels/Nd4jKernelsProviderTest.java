// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.KernelsProvider;

/** The build as it is by default: without the CUDA backend. */
class Nd4jKernelsProviderTest {
    private final KernelsProvider provider = new Nd4jKernelsProvider();

    @Test
    void sayWhereTheyCompute() {
        try (Kernels kernels = provider.open(2, Device.AUTO)) {
            assertThat(kernels.describe()).isEqualTo("nd4j(cpu, oneDNN, float32, 2 threads)");
        }
    }

    /** Why depends on what has computed in this process before. */
    @Test
    void areRefusedOnAGpuThatIsNotThere() {
        assertThat(provider.whyNot(Device.CPU)).isEmpty();
        assertThat(provider.whyNot(Device.AUTO)).isEmpty();
        String why = provider.whyNot(Device.CUDA).orElseThrow();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> KernelsChoice.of("nd4j").open(1, Device.CUDA))
                .withMessage(why);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> provider.open(1, Device.CUDA))
                .withMessage(why);
    }
}
