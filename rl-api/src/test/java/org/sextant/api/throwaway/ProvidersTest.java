// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.Provider;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.testkit.Settings;

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
    void algorithmsAreMadeFromTheirDefaults() {
        for (String name : List.of("moving-baseline", "sorted-pairs", "favoured-token")) {
            AlgorithmProvider provider = named(AlgorithmProvider.class, name);
            Settings settings = Settings.of(provider.defaults());
            provider.create(settings);
            assertThat(settings.problems()).as(name).isEmpty();
            assertThat(settings.unread()).as(name).isEmpty();
        }
    }

    @Test
    void settingsReachTheAlgorithm() {
        assertThat(made("sorted-pairs", "data = preference-pairs").needs().describe())
                .isEqualTo("preference pairs; models: policy, reference; outputs: logp");
        assertThat(made("favoured-token", "vocabulary = 4").needs().describe())
                .isEqualTo("rollouts, 1 samples a prompt; models: policy; outputs: generalised_jsd");
    }

    private static Algorithm made(String name, String settings) {
        AlgorithmProvider provider = named(AlgorithmProvider.class, name);
        return provider.create(Settings.of(provider.defaults(), settings));
    }

    @Test
    void badSettingsAreNamed() {
        AlgorithmProvider provider = named(AlgorithmProvider.class, "moving-baseline");
        Settings settings = Settings.of(provider.defaults(), "rate = 2");
        provider.create(settings);
        assertThat(settings.problems()).containsExactly("rate: 2.0 is not 0 to 1");
    }
}
