// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.Locale;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.TokenRewards;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;

/** OpenRLHF's rewards by token: the limited reward at the last token, a limited KL estimate off every token. */
final class OpenRlhfKlRewardReplay implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values logp = given.values("log_probs", 2);
        Estimator estimator = Estimator.valueOf(given.hyperText("kl_estimator").toUpperCase(Locale.ROOT));
        double[] estimate = Kl.of(1, Placement.REWARD, estimator)
                .estimate(logp.flat(), given.values("log_probs_base", 2).flat());
        double[] kl = limited(given, "kl_clamp", estimate);
        check.value("kl", kl);
        double coefficient = Math.max(0, given.hyper("kl_coef"));
        double[] penalty =
                Arrays.stream(kl).map(estimated -> coefficient * estimated).toArray();
        double[] rewards =
                limited(given, "reward_clip_range", given.values("r", 1).flat());
        boolean[] mask = given.values("action_mask", 2).flags();
        CreditRows rows = CreditRows.of(Padded.layout(logp), mask, rewards).penalised(penalty);
        check.value("token_rewards", TokenRewards.of(rows.signal(), rows.batch(), false), mask);
    }

    private static double[] limited(Case given, String range, double[] numbers) {
        if (!given.hasHyper(range)) {
            return numbers;
        }
        double[] limits = given.hyperValues(range).flat();
        return Advantages.clip(numbers, limits[0], limits[1]);
    }
}
