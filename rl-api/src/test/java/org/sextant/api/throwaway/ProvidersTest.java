// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.Provider;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.testkit.FixedConfig;

/** The plugins are found and made as a user's are. */
class ProvidersTest {
    private static <P extends Provider<?>> P named(Class<P> kind, String name) {
        return ServiceLoader.load(kind).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyProviderHasSettingsAndASummary() {
        List<Provider<?>> all = List.of(
                named(AlgorithmProvider.class, "moving-baseline"),
                named(AlgorithmProvider.class, "sorted-pairs"),
                named(AlgorithmProvider.class, "favoured-token"),
                named(EnvironmentProvider.class, "higher-lower"),
                named(TaskProvider.class, "secret-digits"));
        for (Provider<?> provider : all) {
            assertThat(provider.defaults()).startsWith("#");
            assertThat(provider.summary()).isNotBlank();
        }
    }

    @Test
    void algorithmsAreMadeFromTheirSettings() {
        FixedConfig settings = FixedConfig.of(Map.of("beta", 0.1, "data", "preference-pairs"));
        Algorithm pairs = named(AlgorithmProvider.class, "sorted-pairs").create(settings);
        assertThat(settings.unread()).isEmpty();
        assertThat(pairs.needs().describe()).isEqualTo("preference pairs; models: policy, reference; outputs: logp");
        Algorithm distil = named(AlgorithmProvider.class, "favoured-token")
                .create(FixedConfig.of(Map.of("beta", 0.5, "token", 1, "share", 0.9, "vocabulary", 4)));
        assertThat(distil.needs().describe())
                .isEqualTo("rollouts, 1 samples a prompt; models: policy; outputs: generalised_jsd");
    }

    @Test
    void badSettingsAreNamed() {
        AlgorithmProvider provider = named(AlgorithmProvider.class, "moving-baseline");
        assertThatThrownBy(() -> provider.create(FixedConfig.of(Map.of("rate", 2))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.rate: 2.0 is out of range: 0 to 1");
        assertThatThrownBy(() -> provider.create(FixedConfig.of(Map.of()))).hasMessageContaining("is missing");
    }
}
