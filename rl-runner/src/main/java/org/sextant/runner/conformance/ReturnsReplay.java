// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Optional;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.Holes;
import org.sextant.algorithms.credit.Penalty;
import org.sextant.algorithms.credit.ReturnCredit;
import org.sextant.algorithms.credit.Unit;
import org.sextant.algorithms.credit.Whitening;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Standard;

/**
 * Discounted returns of rewards by token, against the reward of a greedy answer where a case has one.
 *
 * @param rewards field of the rewards
 * @param mask field of the mask
 * @param holes what becomes of tokens inside an answer that are not in the mask
 * @param whitening of the advantages, or none
 */
record ReturnsReplay(String rewards, String mask, Holes holes, Whitening whitening) implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        CreditRows rows = CreditRows.byToken(given, rewards, mask);
        Baseline baseline = Baseline.NONE;
        if (given.has("reward_baselines")) {
            baseline = Baseline.GREEDY;
            rows = rows.with(
                    Standard.GREEDY_REWARD, given.values("reward_baselines", 1).flat());
        }
        Columns found = rows.credit(Credit.of(credit(baseline, given.hyper("gamma", 1)), whitening));
        check.value("returns", found.get(Standard.RETURNS), rows.mask());
        if (given.has("advantages")) {
            check.value("advantages", found.get(Standard.ADVANTAGES), rows.mask());
        }
    }

    private ReturnCredit credit(Baseline baseline, double gamma) {
        GroupCredit comparison = new GroupCredit(baseline, Scale.NONE, 1, 0, Single.KEEP);
        return new ReturnCredit(comparison, Optional.empty(), Penalty.TO_GO, Unit.TOKEN, gamma, holes);
    }
}
