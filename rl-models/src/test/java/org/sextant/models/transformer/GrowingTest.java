// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;

class GrowingTest {
    private final Kernels kernels = new ReferenceKernels();
    private final List<Integer> made = new ArrayList<>();
    private final Growing<Tensor> growing = new Growing<>(kernels, "test", (arena, size) -> {
        made.add(size);
        return arena.allocate("buffer", size, 1);
    });

    @Test
    @DisplayName("It is made again only to grow, by an eighth at least, and holds no more than its largest")
    void grows() {
        for (int size : new int[] {0, 16, 17, 32, 5, 100, 113, 120}) {
            assertThat(growing.atLeast(size).rows()).isGreaterThanOrEqualTo(size);
        }
        assertThat(made).containsExactly(16, 32, 112, 128);
        assertThat(growing.bytes()).isEqualTo(128L * Double.BYTES);
        growing.close();
        assertThat(kernels.memory()).allMatch(use -> use.bytes() == 0);
    }

    @Test
    @DisplayName("No order of sizes makes it larger than its plan")
    void capacity() {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            int most = random.nextInt(1, 3000);
            growing.close();
            for (int pass = 0; pass < 5; pass++) {
                growing.atLeast(random.nextInt(most + 1));
            }
            assertThat(growing.atLeast(most).rows()).isLessThanOrEqualTo(Growing.capacity(most));
        }
    }

    @Test
    void canBeAskedAgainAfterItFailed() {
        assertThatThrownBy(() -> growing.atLeast(Integer.MAX_VALUE - 15)).isInstanceOf(OutOfMemoryError.class);
        assertThat(growing.atLeast(3).rows()).isEqualTo(16);
        growing.close();
        assertThat(kernels.memory()).allMatch(use -> use.bytes() == 0);
    }
}
