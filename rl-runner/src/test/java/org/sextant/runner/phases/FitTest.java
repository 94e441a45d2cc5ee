// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.config.ConfigException;
import org.sextant.runner.config.Layers;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;

class FitTest {
    private static final ExperimentReader READER =
            Wiring.of(new Plugins(List.of())).get(ExperimentReader.class);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rl | name = sft | 'sft' learns from demonstrations, and this kind of phase has rollouts;",
                "sft | name = grpo | 'grpo' learns from rollouts, and this kind of phase has demonstrations;",
                "sft | name = rloo | 'rloo' needs models of the roles: reference; this kind of phase offers: none"
            })
    void algorithmThatThePhaseCannotServeIsAProblemOfTheConfiguration(String kind, String algorithm, String message) {
        String hocon = "task { name = arithmetic }\nreward { name = exact-match }\n" + "phases = [ { kind = " + kind
                + ", algorithm { " + algorithm + " } } ]";
        assertThatThrownBy(() -> READER.read(Layers.parse("x.conf", hocon, List.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("x.conf:3: phases[0].algorithm.name: ")
                .hasMessageContaining(message);
    }
}
