// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Masked;

/**
 * Advantages of verl's critic-free estimators: the reward of a row is the sum of its tokens' rewards, the baseline comes from its group.
 *
 * @param baseline what is taken off
 * @param single what a group of one gets
 * @param tolerance of double against the source, which mixes in float32 numbers here and there
 */
record VerlGroupReplay(Baseline baseline, Single single, Tolerance tolerance) implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        double[][] tokenRewards = given.values("token_level_rewards", 2).rows();
        Values mask = given.values("response_mask", 2);
        Groups groups = Groups.of(Padded.numbers(given.texts("group_ids")), null);
        double[] rewards = new double[tokenRewards.length];
        for (int row = 0; row < rewards.length; row++) {
            rewards[row] = Masked.sum(tokenRewards[row], null);
        }
        double[] advantages = credit(given).advantages(rewards, groups);
        double[] byToken = Advantages.toTokens(advantages, Padded.layout(mask), mask.flags());
        check.near("advantages", byToken, mask.flags(), tolerance);
    }

    private GroupCredit credit(Case given) {
        boolean scaled = baseline == Baseline.MEAN && given.hyperFlag("norm_adv_by_std_in_grpo", true);
        return new GroupCredit(baseline, scaled ? Scale.GROUP : Scale.NONE, 1, given.hyper("epsilon", 1e-6), single);
    }
}
