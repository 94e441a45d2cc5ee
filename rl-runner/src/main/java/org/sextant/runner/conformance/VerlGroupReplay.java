// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.credit.AnswerCredit;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.Whitening;
import org.sextant.api.experience.Standard;

/**
 * Advantages of verl's critic-free estimators: the reward of a row is the sum of its tokens' rewards, the baseline comes from its group.
 *
 * @param baseline what is taken off
 * @param scale what divides; {@link Scale#GROUP} unless the case turns it off
 * @param single what a group of one gets
 * @param whitening over the tokens of the batch, or none
 * @param tolerance of the source, which mixes in float32 numbers here and there
 */
record VerlGroupReplay(Baseline baseline, Scale scale, Single single, Whitening whitening, Tolerance tolerance)
        implements Replay {
    VerlGroupReplay(Baseline baseline, Scale scale, Single single, Tolerance tolerance) {
        this(baseline, scale, single, Whitening.none(), tolerance);
    }

    @Override
    public void replay(Case given, Check check, Engine engine) {
        CreditRows rows = CreditRows.summed(given, "token_level_rewards", "response_mask");
        Credit credit = Credit.of(AnswerCredit.of(comparison(given)), whitening);
        check.value("advantages", rows.credit(credit).get(Standard.ADVANTAGES), rows.mask(), tolerance);
    }

    private GroupCredit comparison(Case given) {
        if (given.hyper("f_norm", 1) != 1) {
            throw new NotOffered("GPG with f_norm " + given.hyper("f_norm"));
        }
        boolean plain = scale == Scale.GROUP && !given.hyperFlag("norm_adv_by_std_in_grpo", true);
        return new GroupCredit(baseline, plain ? Scale.NONE : scale, 1, given.hyper("epsilon", 1e-6), single);
    }
}
