// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.OptimalTokenBaseline;
import org.sextant.algorithms.credit.OptimalTokenBaseline.Align;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Standard;

/**
 * verl's optimal token baseline.
 *
 * @param align which steps are compared: by position, or by choice in verl's multi-turn variant
 */
record OptimalTokenBaselineReplay(Align align) implements Replay {
    @Override
    public void replay(Case given, Check check, Engine engine) {
        if (given.has("rollout_is_weights")) {
            throw new NotOffered("optimal token baseline with rollout_is_weights");
        }
        CreditRows rows = CreditRows.byToken(given, "token_level_rewards", "response_mask")
                .with(Standard.OLD_LOGP, given.values("old_log_probs", 2).flat())
                .with(Standard.SUM_PI_SQUARED, given.values("sum_pi_squared", 2).flat());
        boolean zeroTail = given.hyperFlag("handle_zero_tail", align == Align.CHOICE);
        Columns found = rows.credit(
                Credit.of(new OptimalTokenBaseline(Single.KEEP, align, zeroTail, given.hyper("epsilon", 1e-8))));
        check.value("advantages", found.get(Standard.ADVANTAGES), rows.mask());
        check.value("returns", found.get(Standard.RETURNS), rows.mask());
    }
}
