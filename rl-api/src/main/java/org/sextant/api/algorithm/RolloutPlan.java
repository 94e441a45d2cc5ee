// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

/**
 * What to sample for each prompt.
 *
 * @param samplesPerPrompt answers of one group, at least 1
 * @param greedyBaseline also decode one greedy answer per prompt; its reward becomes {@code greedy_reward} of the
 *     group's rows
 */
public record RolloutPlan(int samplesPerPrompt, boolean greedyBaseline) {
    public RolloutPlan {
        if (samplesPerPrompt < 1) {
            throw new IllegalArgumentException("samplesPerPrompt is " + samplesPerPrompt + "; at least 1");
        }
    }
}
