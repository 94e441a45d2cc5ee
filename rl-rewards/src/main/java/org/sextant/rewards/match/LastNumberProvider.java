// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;

/** {@code reward { name = last-number }}. */
public final class LastNumberProvider implements RewardProvider {
    @Override
    public String name() {
        return "last-number";
    }

    @Override
    public String summary() {
        return "1 if the last number in the answer is that of the reference, else 0";
    }

    @Override
    public RewardFunction create(ConfigReader own) {
        return LastNumber.read(own);
    }
}
