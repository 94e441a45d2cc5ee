// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;
import org.sextant.api.reward.RewardProvider;

/** A reward that differs from answer to answer, so that even an untrained policy has something to learn. */
public final class ChecksumReward implements RewardProvider {
    @Override
    public String name() {
        return "checksum";
    }

    @Override
    public String summary() {
        return "a number made from the characters of the answer";
    }

    @Override
    public String defaults() {
        return "";
    }

    @Override
    public RewardFunction create(ConfigReader own) {
        return (item, answer, finish) ->
                Outcome.Scored.of("checksum", Math.floorMod(answer.hashCode(), 7) / 7.0, answer);
    }
}
