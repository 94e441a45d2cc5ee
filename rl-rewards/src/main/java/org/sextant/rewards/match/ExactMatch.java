// SPDX-License-Identifier: Apache-2.0
package org.sextant.rewards.match;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;
import org.sextant.api.reward.RewardFunction;

/**
 * 1 if the whole answer equals the reference, else 0. Nothing is searched for inside the answer, so listing candidates, repeating the question or
 * going on after the answer earns nothing.
 *
 * @param trim whether white space around answer and reference is left out of the comparison
 * @param requireFinished whether an answer that was cut off gets 0 even if what there is of it is right
 */
public record ExactMatch(boolean trim, boolean requireFinished) implements RewardFunction {
    static final String COMPONENT = "exact_match";

    static ExactMatch read(ConfigReader own) {
        return new ExactMatch(own.bool("trim"), own.bool("require-finished"));
    }

    @Override
    public Outcome score(Item item, String answer, Finish finish) {
        String given = trim ? answer.strip() : answer;
        String wanted = trim ? item.reference().strip() : item.reference();
        boolean right = given.equals(wanted) && !(requireFinished && finish.truncated());
        return Outcome.Scored.of(COMPONENT, right ? 1 : 0, given);
    }
}
