// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.reward.RewardFunction;

/** Makes a {@link HigherLower}. */
public final class HigherLowerProvider implements EnvironmentProvider {
    @Override
    public String name() {
        return "higher-lower";
    }

    @Override
    public String summary() {
        return "two guesses at a digit with a hint between them (proves observations outside the loss)";
    }

    @Override
    public Environment create(ConfigReader own, RewardFunction reward) {
        return new HigherLower();
    }
}
