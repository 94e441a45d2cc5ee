// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.sextant.api.algorithm.Explanation.number;

import java.util.Locale;
import java.util.Optional;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.api.algorithm.Explanation;

/** The credit axis in words and formulas: R is an answer's whole reward, r_t that of a token, V a critic's value. */
final class CreditFormula {
    private CreditFormula() {}

    static Explanation of(Estimator estimator, boolean penalised, boolean penaltyFirst) {
        Explanation said = new Explanation();
        return switch (estimator) {
            case AnswerCredit answer ->
                said.line(
                        "advantage",
                        "A_i = " + compared(answer.comparison()) + limited(answer.limit()) + ", of every token"
                                + borne(answer.penalty(), penalised && !penaltyFirst));
            case ReturnCredit returns -> returns(said, returns, penalised);
            case GaeCredit gae -> gae(said, gae);
            case OptimalTokenBaseline optimal ->
                said.line("advantage", "A_t = Σ_{s≥t} r_s − B_t")
                        .line(
                                "baseline",
                                "B_t = Σ_i G_it W_it / Σ_i W_it over the group at the same "
                                        + word(optimal.align())
                                        + ", W_it = Σ_{s≤t} (1 − 2π(y_s) + Σ_v π(v)²)");
            case BranchCredit branch ->
                said.line(
                                "advantage",
                                "A_t = r_t + " + times(branch.gamma())
                                        + "V(next) − V(this), between states that are continued"
                                        + (branch.lambda() > 0 ? ", summed with λ = " + number(branch.lambda()) : ""))
                        .line(
                                "values",
                                "V = mean reward of " + branch.branching().samples()
                                        + " continuations, at the start and every "
                                        + branch.branching().every() + " tokens");
        };
    }

    private static Explanation returns(Explanation said, ReturnCredit credit, boolean penalised) {
        String paid =
                "r_t = its own rewards, and at the end " + compared(credit.comparison()) + limited(credit.limit());
        return said.line("token reward", paid)
                .line(
                        "advantage",
                        "A_t = Σ_{s≥t} " + (credit.gamma() == 1 ? "" : number(credit.gamma()) + "^(s−t) ") + "r_s"
                                + unit(credit.unit()) + holes(credit.holes())
                                + borne(credit.penalty(), penalised));
    }

    private static Explanation gae(Explanation said, GaeCredit gae) {
        String lambda = gae.lengthAdaptive()
                .map(alpha -> "λ = 1 − 1/(" + number(alpha) + " · actions)")
                .orElse("λ = " + number(gae.lambda()));
        String end = gae.bootstrap() ? "0 after the end, V of the last state where it was cut off" : "0 after the end";
        return said.line(
                        "advantage",
                        "A_t = δ_t + " + times(gae.gamma()) + "λ A_{t+1}, " + lambda + unit(gae.unit())
                                + holes(gae.holes()))
                .line("", "δ_t = r_t + " + times(gae.gamma()) + "V(s_{t+1}) − V(s_t); V is " + end)
                .line(
                        "returns",
                        "R_t = A_t + V(s_t)"
                                + gae.returnsLambda()
                                        .map(l -> ", with λ = " + number(l))
                                        .orElse("") + ": what the critic learns");
    }

    private static String compared(GroupCredit credit) {
        String baseline = switch (credit.baseline()) {
            case NONE -> "R_i";
            case MEAN -> "R_i − mean of the group";
            case LEAVE_ONE_OUT -> "R_i − mean of the others in the group";
            case LENGTH_WEIGHTED -> "R_i − mean of the group weighted by length";
            case SECOND_BEST -> "R_i − second best, for the best of the group (0 for the others)";
            case BATCH_MEAN -> "R_i − mean of the step";
            case GREEDY -> "R_i − R of the greedy answer";
        };
        String scale = switch (credit.scale()) {
            case NONE -> "";
            case GROUP -> "std of the group";
            case BATCH -> "std of the step";
            case LEAVE_ONE_OUT -> "std of the others in the group";
            case GROUP_MEAN -> "mean of the group";
            case NONZERO_SHARE -> "share of rewards that are not 0";
        };
        if (credit.scale() == Scale.NONE) {
            return baseline;
        }
        boolean deviation = credit.scale() != Scale.GROUP_MEAN && credit.scale() != Scale.NONZERO_SHARE;
        String divisor = deviation
                ? "(" + scale + ", n" + (credit.ddof() == 1 ? "−1" : "")
                        + (credit.epsilon() > 0 ? ", + " + number(credit.epsilon()) : "") + ")"
                : "(" + scale + ")";
        return "(" + baseline + ") / " + divisor;
    }

    private static String borne(Penalty penalty, boolean taken) {
        if (!taken) {
            return "";
        }
        return penalty == Penalty.OWN
                ? "; less the KL of its own step alone"
                : "; with the KL of its own and later steps";
    }

    private static String limited(Optional<Double> limit) {
        return limit.map(c -> ", limited to ±" + number(c)).orElse("");
    }

    private static String times(double gamma) {
        return gamma == 1 ? "" : number(gamma) + " ";
    }

    private static String unit(Unit unit) {
        return unit == Unit.TOKEN ? "" : ", one action a " + word(unit);
    }

    private static String holes(Holes holes) {
        return holes == Holes.CARRY ? "" : "; between choices of the policy: " + word(holes);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
