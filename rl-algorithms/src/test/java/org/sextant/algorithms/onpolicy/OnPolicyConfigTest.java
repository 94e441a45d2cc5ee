// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.onpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.algorithms.Presets;
import org.sextant.api.testkit.Settings;

/** Settings of different axes that contradict each other. */
class OnPolicyConfigTest {
    private static Settings read(String algorithm, String settings) {
        Settings reader = Settings.of(Presets.provider(algorithm).defaults(), settings);
        Presets.provider(algorithm).create(reader);
        return reader;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grpo | credit.whiten.scope = rows, kl.placement = reward-after-baseline | kl.placement | whiten.scope"
                        + " = tokens",
                "rloo | correction { kind = truncate, level = token } | aggregation.kind | correction.level = sequence",
                "rloo | filter.off-policy-limit = 1 | aggregation.kind | takes answers whole",
                "ppo | rewards { order = normalise-then-sum, components = [{ name = a, weight = 1 }] } | rewards.order"
                        + " | credit.kind = group or returns",
                "grpo | surrogate.clip-high = -0.5 | surrogate.clip-high | at least 0",
                "grpo | correction { low = 3, high = 2 } | correction.low | above high"
            })
    void isRefusedWithWhatToDo(String algorithm, String settings, String key, String remedy) {
        assertThat(read(algorithm, settings).problems())
                .singleElement()
                .asString()
                .startsWith(key + ":")
                .contains(remedy);
    }

    @Test
    void whatFitsIsNot() {
        assertThat(read("rloo", "correction { kind = truncate, level = sequence }")
                        .problems())
                .isEmpty();
        assertThat(read("grpo", "credit.whiten.scope = rows, kl { coefficient = 0, placement = reward-after-baseline }")
                        .problems())
                .isEmpty();
    }
}
