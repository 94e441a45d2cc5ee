// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    @Test
    void everyPanelRunsOnceInManyRounds() {
        try (Threads threads = new Threads(3)) {
            for (int round = 0; round < 2_000; round++) {
                int count = round % 7;
                AtomicIntegerArray runs = new AtomicIntegerArray(7);
                threads.run((index, worker) -> runs.incrementAndGet(index), count);
                for (int i = 0; i < 7; i++) {
                    assertThat(runs.get(i)).isEqualTo(i < count ? 1 : 0);
                }
            }
        }
    }

    @Test
    void aThreadThatParkedWakesUp() throws InterruptedException {
        try (Threads threads = new Threads(2)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(2);
            for (int round = 0; round < 3; round++) {
                Thread.sleep(20);
                threads.run((index, worker) -> runs.incrementAndGet(index), 2);
            }
            assertThat(runs.get(0)).isEqualTo(3);
            assertThat(runs.get(1)).isEqualTo(3);
        }
    }

    @Test
    void anExceptionOfAnyPanelReachesTheCallerAndThePoolLivesOn() {
        try (Threads threads = new Threads(2)) {
            Threads.Panels failing = (index, worker) -> {
                if (index == 3) {
                    throw new ArithmeticException("panel 3");
                }
            };
            assertThatThrownBy(() -> threads.run(failing, 8))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("panel 3");
            AtomicIntegerArray runs = new AtomicIntegerArray(1);
            threads.run((index, worker) -> runs.incrementAndGet(0), 8);
            assertThat(runs.get(0)).isEqualTo(8);
        }
    }

    @Test
    void aSecondCallerIsRefused() {
        for (int count = 1; count <= 2; count++) {
            try (Threads threads = new Threads(count)) {
                Threads.Panels nested = (index, worker) -> threads.run((i, w) -> {}, 1);
                assertThatThrownBy(() -> threads.run(nested, 2))
                        .hasMessageContaining("two threads use the same kernels at once");
            }
        }
    }

    @Test
    void aClosedPoolSaysSo() {
        Threads threads = new Threads(2);
        threads.close();
        assertThatThrownBy(() -> threads.run((index, worker) -> {}, 1)).hasMessage("the kernels are closed");
    }
}
