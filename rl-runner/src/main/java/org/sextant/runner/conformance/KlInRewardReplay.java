// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import org.sextant.algorithms.credit.TokenRewards;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;

/** verl's rewards by token with the KL penalty taken off. */
final class KlInRewardReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values scores = given.values("token_level_scores", 2);
        boolean[] mask = new boolean[scores.flat().length];
        Arrays.fill(mask, true);
        if (given.has("response_mask")) {
            mask = given.values("response_mask", 2).flags();
        }
        CreditRows rows = CreditRows.byToken(scores, mask)
                .penalised(
                        Kl.of(given.hyper("kl_ratio"), Placement.REWARD, Estimator.K1),
                        given.values("old_log_prob", 2).flat(),
                        given.values("ref_log_prob", 2).flat());
        check.value("token_rewards", TokenRewards.of(rows.signal(), rows.batch(), false));
    }
}
