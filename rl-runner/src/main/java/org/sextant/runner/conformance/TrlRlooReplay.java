// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.AnswerCredit;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.RewardSum;
import org.sextant.algorithms.credit.Whitening;
import org.sextant.algorithms.credit.Whitening.EpsilonAt;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;

/** Advantages of TRL's RLOO: weighted sum, clip, KL off the reward, leave-one-out, and normalised over the batch if asked for. */
final class TrlRlooReplay implements Replay {
    private static final GroupCredit LEAVE_ONE_OUT =
            new GroupCredit(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1, 0, Single.ZERO);

    @Override
    public void replay(Case given, Check check, Engine engine) {
        double[][] byFunction = given.values("rewards_per_func", 2).rows();
        double[] sums = new RewardSum(given.hyperValues("reward_weights").flat()).of(byFunction);
        int[] group = Padded.consecutive(sums.length, (int) given.hyper("num_generations"));
        CreditRows rows = penalised(given, clipped(given, sums), group);
        boolean normalised = given.hyperFlag("normalize_advantages", false);
        given.without("hyper.std_epsilon");
        Whitening whitening = normalised
                ? new Whitening(Scope.ROWS, 1, true, true, given.hyper("std_epsilon", 1e-4), EpsilonAt.DEVIATION, 0)
                : Whitening.none();
        Credit credit = Credit.of(AnswerCredit.of(LEAVE_ONE_OUT), whitening);
        double[] advantages = rows.credit(credit).get(Advantages.BY_ROW);
        check.value("rewards", rows.totals());
        check.value("advantages", advantages, null, normalised ? Tolerance.LOGGED : Tolerance.DOUBLE);
    }

    private static double[] clipped(Case given, double[] rewards) {
        if (!given.hasHyper("reward_clip_range")) {
            return rewards;
        }
        double[] range = given.hyperValues("reward_clip_range").flat();
        return Advantages.clip(rewards, range[0], range[1]);
    }

    private static CreditRows penalised(Case given, double[] rewards, int[] group) {
        double coefficient = given.hyper("beta", 0);
        if (coefficient == 0) {
            given.without("old_per_token_logps", "ref_per_token_logps", "completion_mask");
            return CreditRows.answers(rewards, group);
        }
        Values logp = given.values("old_per_token_logps", 2);
        boolean[] mask = given.values("completion_mask", 2).flags();
        return CreditRows.of(Padded.layout(logp), mask, rewards)
                .grouped(group)
                .penalised(
                        Kl.of(coefficient, Placement.REWARD, Estimator.K1),
                        logp.flat(),
                        given.values("ref_per_token_logps", 2).flat());
    }
}
