// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.api.config.Provider;

/**
 * What every {@link Provider} must hold to: its default settings are whole, all of them are read, each says what it
 * means, and the service file names it. Extend it and return yours.
 *
 * @param <P> the provider's kind, as in its service file
 */
public abstract class ProviderContract<P extends Provider<?>> {
    protected abstract P provider();

    /** The kind of service: {@code AlgorithmProvider.class}. */
    protected abstract Class<P> kind();

    /** Settings that a user must give, as HOCON, because there is no sensible default. */
    protected String required() {
        return "";
    }

    /**
     * Starts of keys that belong to choices which the defaults do not make ({@code credit.lambda} beside {@code credit.kind = group}); setting one
     * without its choice is an error of the user's.
     */
    protected List<String> ofOtherChoices() {
        return List.of();
    }

    @Test
    @DisplayName("the defaults make a working part, and every key of them is read")
    void defaultsAreRead() {
        Settings settings = Settings.of(provider().defaults(), required());
        assertThat(provider().create(settings)).isNotNull();
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.unread())
                .as("keys that nobody reads")
                .allMatch(key -> ofOtherChoices().stream().anyMatch(key::startsWith));
    }

    @Test
    @DisplayName("every key has a comment above it, or shares that of its neighbours")
    void everyKeyIsExplained() {
        String[] lines = provider().defaults().split("\n");
        assertThat(lines[0]).as("the first line says what the settings are for").startsWith("#");
        boolean explained = false;
        for (String line : lines) {
            String stripped = line.strip();
            boolean comment = stripped.startsWith("#");
            boolean key = stripped.contains("=") && !comment;
            assertThat(!key || explained).as("a comment above '%s'", stripped).isTrue();
            explained = comment || explained && !stripped.isEmpty();
        }
    }

    @Test
    @DisplayName("the service file names the provider, under a name of lower case and hyphens")
    void isFound() {
        assertThat(provider().name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(provider().summary()).isNotBlank();
        assertThat(ServiceLoader.load(kind()).stream().map(ServiceLoader.Provider::type))
                .contains(provider().getClass().asSubclass(kind()));
    }
}
