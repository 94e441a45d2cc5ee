// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;

/**
 * 1 if the last number in the answer equals the last one in the reference, as exact decimals: {@link DecimalNumber} says what a number is. What
 * stands before it does not matter, so reasoning may come first, and listing candidates earns nothing.
 *
 * @param requireFinished whether an answer that was cut off gets 0: its last number is that of an unfinished thought
 */
public record LastNumber(boolean requireFinished) implements RewardFunction {
    static final String COMPONENT = "last_number";

    static LastNumber read(ConfigReader own) {
        return new LastNumber(own.bool("require-finished"));
    }

    @Override
    public Outcome score(Item item, String answer, Finish finish) {
        String wanted = DecimalNumber.last(item.reference());
        if (wanted.isEmpty()) {
            return new Outcome.Abstain("the reference has no number");
        }
        String given = DecimalNumber.last(answer);
        boolean right = given.equals(wanted) && !(requireFinished && finish.truncated());
        return Outcome.Scored.of(COMPONENT, right ? 1 : 0, given);
    }
}
