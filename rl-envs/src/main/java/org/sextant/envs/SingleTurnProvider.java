// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.reward.RewardFunction;

/** Environment {@code single-turn}; it has no settings of its own. */
public final class SingleTurnProvider implements EnvironmentProvider {
    @Override
    public String name() {
        return "single-turn";
    }

    @Override
    public String summary() {
        return "asks each question once; the reward judges the answer";
    }

    @Override
    public String defaults() {
        return "";
    }

    @Override
    public Environment create(ConfigReader own, RewardFunction reward) {
        return new SingleTurn(reward);
    }
}
