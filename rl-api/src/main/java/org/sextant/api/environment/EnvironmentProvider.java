// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Provider;
import org.sextant.api.reward.RewardFunction;

/** Makes an {@link Environment} from its block {@code environment { name = …, … }}. */
public interface EnvironmentProvider extends Provider<Environment> {
    /** Reads the block; {@code reward} is the run's, for environments that do not judge answers themselves. */
    Environment create(ConfigReader own, RewardFunction reward);

    @Override
    default Environment create(ConfigReader own) {
        throw new IllegalStateException("environment '" + name() + "' needs a reward");
    }
}
