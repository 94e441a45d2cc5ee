// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.algorithm.RolloutPlan;
import org.sextant.api.config.ConfigException;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Standard;
import org.sextant.api.model.Role;
import org.sextant.api.phase.PhaseProvider;
import org.sextant.api.testkit.Settings;
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

    /** What a configuration with an algorithm of these needs is told. */
    private static List<String> problems(PhaseProvider provider, Needs needs) {
        Algorithm algorithm = mock(Algorithm.class);
        when(algorithm.needs()).thenReturn(needs);
        Settings settings = Settings.of(provider.defaults(), "steps = 1, algorithm { name = mine }");
        provider.create(settings, block -> algorithm);
        return settings.problems();
    }

    private static Needs rollouts(boolean greedyBaseline) {
        return Needs.rollouts(new RolloutPlan(2, greedyBaseline), Set.of());
    }

    @Test
    void aColumnThatNobodyFillsIsAProblemOfTheConfiguration() {
        assertThat(problems(new RlPhaseProvider(), rollouts(false).with(Role.REFERENCE, Standard.VALUES)))
                .singleElement(STRING)
                .contains("algorithm.name: 'mine' needs columns that this kind of phase does not fill: values (")
                .contains("; it fills: difficulty, finish, ")
                .contains("ref_logp");
        assertThat(problems(new RlPhaseProvider(), rollouts(false).with(Standard.GREEDY_REWARD)))
                .singleElement(STRING)
                .contains("greedy_reward");
        assertThat(problems(new RlPhaseProvider(), rollouts(false).with(Standard.REF_LOGP)))
                .singleElement(STRING)
                .contains("ref_logp");
        assertThat(problems(
                        new SftPhaseProvider(),
                        Needs.offline(DataKind.DEMONSTRATIONS, Set.of()).with(Standard.OLD_LOGP)))
                .singleElement(STRING)
                .contains("old_logp");
    }

    @Test
    void columnsThatAreFilledAreNoProblem() {
        Needs needs = rollouts(true)
                .with(Role.REFERENCE, Standard.REF_LOGP)
                .with(Role.CRITIC, Standard.VALUES)
                .with(Role.REWARD, Standard.SCORE)
                .with(Standard.OLD_LOGP)
                .with(Standard.GREEDY_REWARD)
                .with(Column.doubles("rewards/format", Domain.ROW));

        assertThat(problems(new RlPhaseProvider(), needs)).isEmpty();
        assertThat(problems(
                        new SftPhaseProvider(),
                        Needs.offline(DataKind.DEMONSTRATIONS, Set.of()).with(Standard.ROLE)))
                .isEmpty();
    }
}
