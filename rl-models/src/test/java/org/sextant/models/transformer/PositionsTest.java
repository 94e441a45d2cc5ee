// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionsTest {
    /** Turns that a wave makes in the original context of 8192 positions, and what is left of its frequency. */
    @ParameterizedTest
    @DisplayName("Llama 3's scaling: slow waves are slowed 8 times, fast ones kept, those between mixed")
    @CsvSource({"0.01, 0.125", "0.5, 0.125", "1, 0.125", "1.75, 0.34375", "2.5, 0.5625", "4, 1", "5, 1", "1000, 1"})
    void llama3(double turns, double kept) {
        double frequency = turns * 2 * Math.PI / 8192;
        assertThat(new Positions.Llama3(8, 1, 4, 8192).apply(frequency)).isCloseTo(kept * frequency, within(1e-15));
    }

    @Test
    void frequencies() {
        assertThat(Positions.rotary(10_000).inverseFrequencies(8))
                .containsExactly(new double[] {1, 0.1, 0.01, 0.001}, within(1e-16));
        assertThatThrownBy(() -> Positions.rotary(0)).hasMessage("rope theta is 0.0; it must be above 0");
    }
}
