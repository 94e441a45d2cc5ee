// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Locale;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.AnswerCredit;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.RewardSum;
import org.sextant.api.experience.Masked;

/** Advantages of TRL's GRPO from several reward functions, summed before or after they are scaled. */
final class TrlGrpoReplay implements Replay {
    /** The source multiplies standard deviations by a float32 factor. */
    private static final Tolerance TOLERANCE = Tolerance.LOGGED;

    @Override
    public void replay(Case given, Check check, Engine engine) {
        double[][] byFunction = given.values("rewards_per_func", 2).rows();
        int[] group = Padded.consecutive(byFunction.length, (int) given.hyper("num_generations"));
        int[] whole = new int[group.length];
        RewardSum sum = new RewardSum(given.hyperValues("reward_weights").flat());
        double epsilon = given.hyper("std_epsilon", 1e-4);
        String order = given.hyperText("multi_objective_aggregation", "sum_then_normalize");
        switch (order) {
            case "sum_then_normalize" -> {
                Scale scale = scale(given.hyperText("scale_rewards", "group"));

                double[] rewards = sum.of(byFunction);
                check.value("std_rewards", deviations(rewards, scale == Scale.BATCH ? whole : group), null, TOLERANCE);
                compare(check, CreditRows.answers(rewards, group), credit(scale, epsilon));
            }
            case "normalize_then_sum" -> {
                given.without("hyper.scale_rewards");
                GroupCredit within = credit(Scale.GROUP, epsilon);

                double[] rewards = sum.ofScaled(byFunction, group, within);
                check.value("std_rewards", deviations(rewards, whole), null, TOLERANCE);
                compare(check, CreditRows.answers(rewards, group).comparedIn(whole), within);
            }
            default -> throw new NotOffered("multi_objective_aggregation " + order);
        }
    }

    private static Scale scale(String name) {
        return switch (name) {
            case "group", "batch", "none" -> Scale.valueOf(name.toUpperCase(Locale.ROOT));
            default -> throw new NotOffered("scale_rewards " + name);
        };
    }

    private static GroupCredit credit(Scale scale, double epsilon) {
        return new GroupCredit(Baseline.MEAN, scale, 1, epsilon, Single.ZERO);
    }

    private static void compare(Check check, CreditRows rows, GroupCredit comparison) {
        check.value("rewards", rows.signal().rows(), null, TOLERANCE);
        double[] advantages =
                rows.credit(Credit.of(AnswerCredit.of(comparison))).get(Advantages.BY_ROW);
        check.value("advantages", advantages, null, TOLERANCE);
    }

    /** Standard deviation of each row's group; 0 where a group has but one row. */
    private static double[] deviations(double[] rewards, int[] group) {
        double[] deviations = new double[rewards.length];
        for (int row = 0; row < rewards.length; row++) {
            boolean[] members = Padded.scored(rewards);
            int size = 0;
            for (int other = 0; other < rewards.length; other++) {
                members[other] &= group[other] == group[row];
                size += group[other] == group[row] ? 1 : 0;
            }
            deviations[row] = size == 1 ? 0 : Masked.std(rewards, members, 1);
        }
        return deviations;
    }
}
