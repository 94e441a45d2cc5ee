// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;

/** {@code reward { name = exact-match }}. */
public final class ExactMatchProvider implements RewardProvider {
    @Override
    public String name() {
        return "exact-match";
    }

    @Override
    public String summary() {
        return "1 if the whole answer equals the reference, else 0";
    }

    @Override
    public RewardFunction create(ConfigReader own) {
        return ExactMatch.read(own);
    }
}
