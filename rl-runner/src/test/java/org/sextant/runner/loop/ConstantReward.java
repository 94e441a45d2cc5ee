// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;

/** Every answer is worth the same: there is nothing to learn. */
public final class ConstantReward implements RewardProvider {
    @Override
    public String name() {
        return "constant";
    }

    @Override
    public String summary() {
        return "the same for every answer";
    }

    @Override
    public String defaults() {
        return "value = 1";
    }

    @Override
    public RewardFunction create(ConfigReader own) {
        double value = own.decimal("value", Range.any());
        return (item, answer, finish) -> Outcome.Scored.of("constant", value, answer);
    }
}
