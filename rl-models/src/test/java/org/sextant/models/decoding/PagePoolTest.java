// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.transformer.TransformerConfig;

class PagePoolTest {
    @Test
    @DisplayName("A pool that could not grow has no pages, and can grow later")
    void shortOfMemory() {
        var config =
                TransformerConfig.llama(11, 8, 2, 4, 2, 6, 10, 64, 100, 1e-5, true, List.of(0), OptionalInt.empty());
        Kernels real = new ReferenceKernels();
        Kernels kernels = mock(Kernels.class);
        MemoryArena full = mock(MemoryArena.class);
        when(full.allocatePages("key/value cache", 2, 2, 6, 6)).thenThrow(new OutOfMemoryError("none left"));
        when(kernels.arena("cache")).thenReturn(real.arena("cache"), full, real.arena("cache"));
        try (PagePool pool = new PagePool(kernels, config, 8)) {
            pool.grow(4);
            assertThatThrownBy(() -> pool.grow(6)).isInstanceOf(OutOfMemoryError.class);
            assertThat(pool.pages()).isZero();
            assertThat(pool.take()).isEqualTo(-1);
            pool.grow(5);
            assertThat(pool.pages()).isEqualTo(5);
            assertThat(pool.take()).isZero();
        }
        assertThat(real.memory()).allMatch(use -> use.bytes() == 0);
    }
}
