// SPDX-License-Identifier: Apache-2.0
package org.sextant.envs;

import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Item;
import org.sextant.api.experience.Finish;
import org.sextant.api.reward.RewardFunction;

/** The simplest world: it asks the item's prompt, and a reward judges the first answer. */
public record SingleTurn(RewardFunction reward) implements Environment {
    @Override
    public Episode start(Item item) {
        return new Episode() {
            @Override
            public String prompt() {
                return item.prompt();
            }

            @Override
            public Reply reply(String answer, Finish finish) {
                return new Reply.End(reward.score(item, answer, finish));
            }
        };
    }
}
