// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sextant.api.reward.Outcome.Scored;

class OutcomeTest {
    @Test
    void aScoreIsANumber() {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Scored.of("exact", value, "")).hasMessageContaining("use Abstain or Failed");
            assertThatThrownBy(() -> new Scored(1, Map.of("format", value), "")).hasMessageContaining("'format'");
        }
    }

    @Test
    void oneComponentIsTheRewardItself() {
        assertThat(Scored.of("exact", 0.5, "42").components()).containsExactly(Map.entry("exact", 0.5));
    }
}
