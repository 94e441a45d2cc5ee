// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.sextant.api.algorithm.Explanation.number;

import java.util.Locale;
import java.util.Optional;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.api.algorithm.Explanation;

/** Settings of the credit axis that are legal together and known to be mistakes. */
final class CreditCautions {
    private CreditCautions() {}

    static Explanation of(Estimator estimator, Whitening whitening, int samples) {
        Explanation said = new Explanation();
        Optional<GroupCredit> compared = estimator.compares();
        compared.ifPresent(credit -> comparison(said, credit, whitening, samples));
        if (estimator instanceof OptimalTokenBaseline optimal && samples == 1) {
            said.warning("credit.kind = optimal-token-baseline with samples-per-prompt = 1: " + alone(optimal.single())
                    + "; sample 2 or more");
        }
        discount(said, estimator);
        return said;
    }

    private static void comparison(Explanation said, GroupCredit credit, Whitening whitening, int samples) {
        said.warnIf(
                credit.baseline().ofGroup() && samples == 1,
                "credit.baseline = " + word(credit.baseline()) + " with samples-per-prompt = 1: "
                        + alone(credit.single())
                        + "; sample 2 or more, or take the baseline greedy, batch-mean or none");
        said.warnIf(
                credit.scale() == Scale.GROUP && whitening.scope() != Scope.NONE && whitening.divide(),
                "credit.scale = group and credit.whiten: advantages are divided by a standard deviation twice; set one"
                        + " of them to none");
        said.warnIf(
                credit.baseline() == Baseline.NONE && whitening.scope() == Scope.NONE,
                "credit.baseline = none without whitening: rewards that are never negative raise the probability of"
                        + " every answer, wrong ones too, and the gradient has the most variance; choose a baseline, or"
                        + " whiten");
    }

    private static String alone(Single single) {
        return single == Single.ZERO
                ? "a group of one has nothing to be compared with, so every advantage is 0 and nothing is learned"
                : "a group of one has nothing to be compared with, so its whole reward is its advantage";
    }

    private static void discount(Explanation said, Estimator estimator) {
        double gamma = switch (estimator) {
            case ReturnCredit returns -> returns.unit() == Unit.TOKEN ? returns.gamma() : 1;
            case GaeCredit gae -> gae.unit() == Unit.TOKEN ? gae.gamma() : 1;
            case BranchCredit branch -> branch.gamma();
            case AnswerCredit _, OptimalTokenBaseline _ -> 1;
        };
        said.warnIf(
                gamma > 0 && gamma < 1,
                "credit.gamma = " + number(gamma) + " a token: a reward at the end counts half "
                        + Math.round(Math.log(0.5) / Math.log(gamma))
                        + " tokens before it, so long answers learn little at their start; gamma = 1 unless that is"
                        + " wanted");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
