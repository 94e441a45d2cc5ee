// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.environment;

import org.sextant.api.experience.Finish;
import org.sextant.api.reward.Outcome;

/**
 * The world that a policy talks to: it poses the question, may answer several times, and judges in the end. A
 * single-turn task with a reward is the simplest one.
 */
public interface Environment {
    /** Starts an episode on a question. Episodes of one environment may run at the same time. */
    Episode start(Item item);

    /**
     * All characters that prompts and observations add to those of the task, for a character tokenizer; empty if there
     * are none.
     */
    default String alphabet() {
        return "";
    }

    /**
     * One conversation: {@link #prompt} once, then {@link #reply} to each answer until it ends. One thread uses an
     * episode.
     */
    interface Episode {
        /** Text that the policy sees first. */
        String prompt();

        /**
         * The world's reply to an answer. Must not trust the answer: it is text that a model wrote, and it may be cut
         * off.
         *
         * @param answer what the policy said this turn
         * @param finish why it stopped
         */
        Reply reply(String answer, Finish finish);
    }

    /** Go on, or stop. */
    sealed interface Reply {
        /**
         * The observation becomes tokens outside the loss, then the policy speaks again.
         *
         * @param reward what the answer of this turn has earned by itself; finite
         */
        record Observe(String observation, double reward) implements Reply {
            public Observe {
                if (!Double.isFinite(reward)) {
                    throw new IllegalArgumentException("a turn's reward of " + reward + "; it must be finite");
                }
            }

            /** Nothing is earned before the end. */
            public Observe(String observation) {
                this(observation, 0);
            }
        }

        /** The episode is over. What turns have earned is added to a score. */
        record End(Outcome outcome) implements Reply {}
    }
}
