// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Task;
import org.sextant.api.environment.TaskProvider;

/** Makes a {@link SecretDigits}. */
public final class SecretDigitsProvider implements TaskProvider {
    @Override
    public String name() {
        return "secret-digits";
    }

    @Override
    public String summary() {
        return "rooms with a digit in each, for higher-lower";
    }

    @Override
    public Task create(ConfigReader own) {
        return new SecretDigits();
    }
}
