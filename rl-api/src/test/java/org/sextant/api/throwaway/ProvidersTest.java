// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ServiceLoader;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.Provider;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.testkit.ProviderContract;
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

    @Nested
    class OfMovingBaseline extends AlgorithmProviders {
        @Override
        protected AlgorithmProvider provider() {
            return new MovingBaselineProvider();
        }
    }

    @Nested
    class OfSortedPairs extends AlgorithmProviders {
        @Override
        protected AlgorithmProvider provider() {
            return new SortedPairsProvider();
        }
    }

    @Nested
    class OfFavouredToken extends AlgorithmProviders {
        @Override
        protected AlgorithmProvider provider() {
            return new FavouredTokenProvider();
        }
    }

    @Nested
    class OfSecretDigits extends ProviderContract<TaskProvider> {
        @Override
        protected TaskProvider provider() {
            return new SecretDigitsProvider();
        }

        @Override
        protected Class<TaskProvider> kind() {
            return TaskProvider.class;
        }
    }

    private abstract static class AlgorithmProviders extends ProviderContract<AlgorithmProvider> {
        @Override
        protected Class<AlgorithmProvider> kind() {
            return AlgorithmProvider.class;
        }
    }

    @Test
    void theEnvironmentIsMadeWithAReward() {
        EnvironmentProvider provider = named(EnvironmentProvider.class, "higher-lower");
        assertThat(provider.create(Settings.of(provider.defaults()), (item, answer, finish) -> null))
                .isInstanceOf(HigherLower.class);
        assertThatThrownBy(() -> provider.create(Settings.of(provider.defaults())))
                .hasMessageContaining("'higher-lower' needs a reward");
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
