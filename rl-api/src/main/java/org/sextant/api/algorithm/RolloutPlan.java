// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.Optional;

/**
 * What to sample for each prompt.
 *
 * @param samplesPerPrompt answers of one group, at least 1
 * @param greedyBaseline also decode one greedy answer per prompt; its reward becomes {@code greedy_reward} of the
 *     group's rows
 * @param branching also continue each answer from states in its middle; fills {@code branch_values}
 */
public record RolloutPlan(int samplesPerPrompt, boolean greedyBaseline, Optional<Branching> branching) {
    /** Whole answers alone. */
    public RolloutPlan(int samplesPerPrompt, boolean greedyBaseline) {
        this(samplesPerPrompt, greedyBaseline, Optional.empty());
    }

    /**
     * Continuations that estimate values of states by Monte Carlo (VinePPO, arXiv 2410.01679): their mean reward is the state's value.
     *
     * @param every a state at the start of the answer and after each so many of its tokens, at least 1
     * @param samples continuations of each state, at least 1
     */
    public record Branching(int every, int samples) {
        public Branching {
            if (every < 1 || samples < 1) {
                throw new IllegalArgumentException(
                        "branching every " + every + " tokens into " + samples + " samples; at least 1 of each");
            }
        }
    }

    public RolloutPlan {
        if (samplesPerPrompt < 1) {
            throw new IllegalArgumentException("samplesPerPrompt is " + samplesPerPrompt + "; at least 1");
        }
    }
}
