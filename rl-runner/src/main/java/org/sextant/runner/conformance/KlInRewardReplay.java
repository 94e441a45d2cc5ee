// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;

/** verl's rewards by token with the KL penalty taken off. */
final class KlInRewardReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Kl kl = Kl.of(given.hyper("kl_ratio"), Placement.REWARD, Estimator.K1);
        double[] scores = given.values("token_level_scores", 2).flat();
        double[] logp = given.values("old_log_prob", 2).flat();
        double[] refLogp = given.values("ref_log_prob", 2).flat();
        boolean[] mask = new boolean[scores.length];
        if (given.has("response_mask")) {
            mask = given.values("response_mask", 2).flags();
        } else {
            java.util.Arrays.fill(mask, true);
        }
        check.value("token_rewards", kl.tokenRewards(scores, logp, refLogp, mask));
    }
}
