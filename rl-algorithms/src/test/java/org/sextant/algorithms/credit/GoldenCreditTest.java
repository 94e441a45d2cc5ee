// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import static org.sextant.algorithms.Numbers.assertNear;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.Golden;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.Whitening.EpsilonAt;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;

/** Advantages as verl and TRL compute them. */
class GoldenCreditTest {
    static Stream<Golden> verl() {
        return Stream.of("verl_grpo", "verl_grpo_no_std", "verl_rloo", "verl_rloo_vectorized")
                .flatMap(method -> Golden.cases("advantages.json", method));
    }

    @ParameterizedTest
    @MethodSource
    void verl(Golden golden) {
        String method = golden.text("method");
        GroupCredit credit = new GroupCredit(
                method.startsWith("verl_grpo") ? Baseline.MEAN : Baseline.LEAVE_ONE_OUT,
                method.equals("verl_grpo") ? Scale.GROUP : Scale.NONE,
                1,
                golden.hyper("epsilon").asDouble(),
                method.equals("verl_rloo_vectorized") ? Single.ZERO : Single.KEEP);
        Layout layout = golden.layout("response_mask");
        boolean[] mask = golden.mask("response_mask");
        double[] rewards = rowSums(golden.numbers("token_level_rewards"), layout);
        double[] advantages = credit.advantages(rewards, Groups.of(golden.groups("group_ids"), null));
        // verl holds mean and std of a group of one in float32.
        assertNear("advantages", Advantages.toTokens(advantages, layout, mask), golden.numbers("advantages"), 1e-7);
    }

    static Stream<Golden> trlGrpo() {
        return Golden.cases("advantages.json", "trl_grpo")
                .filter(g -> g.hyper("multi_objective_aggregation").asText().equals("sum_then_normalize"))
                .filter(g -> g.hyper("reward_weights").size() == 1);
    }

    @ParameterizedTest
    @MethodSource
    void trlGrpo(Golden golden) {
        Scale scale = Scale.valueOf(golden.hyper("scale_rewards").asText().toUpperCase(java.util.Locale.ROOT));
        GroupCredit credit = new GroupCredit(
                Baseline.MEAN, scale, 1, golden.hyper("std_epsilon").asDouble(), Single.ZERO);
        double[] rewards = golden.numbers("rewards_per_func");
        double[] advantages = credit.advantages(rewards, consecutive(golden, rewards));
        // TRL's standard deviation over the batch has a float32 factor.
        assertNear("advantages", advantages, golden.numbers("advantages"), 1e-6);
    }

    static Stream<Golden> trlRloo() {
        return Golden.cases("advantages.json", "trl_rloo");
    }

    @ParameterizedTest
    @MethodSource
    void trlRloo(Golden golden) {
        double[] weights = {1, golden.hyper("reward_weights").path(1).asDouble()};
        double[] rewards = weighted(
                golden.numbers("rewards_per_func"),
                golden.hyper("reward_weights").size(),
                weights);
        Kl kl = Kl.of(golden.hyper("beta").asDouble(), Placement.REWARD, Estimator.K1);
        int size = golden.hyper("num_generations").asInt();
        int[] group = IntStream.range(0, rewards.length).map(i -> i / size).toArray();
        boolean[] mask = golden.mask("completion_mask");
        Experience batch = Experience.of(
                golden.layout("completion_mask"),
                Columns.of(Standard.RESPONSE_MASK, mask)
                        .with(Standard.GROUP, group)
                        .with(Standard.OLD_LOGP, golden.numbers("old_per_token_logps"))
                        .with(Standard.REF_LOGP, golden.numbers("ref_per_token_logps")));
        RewardSignal task = RewardSignal.ofRows(rewards, scored(rewards), batch.layout());
        RewardSignal shaped = KlPenalty.of(kl).penalise(task, batch, new Metrics());
        double[] totals = shaped.totals(batch.layout(), mask);
        assertNear("rewards", zeroForNaN(totals), zeroForNaN(golden.numbers("rewards")), 1e-9);
        double epsilon = golden.hyper("std_epsilon").asDouble();
        Whitening whitening = golden.hyper("normalize_advantages").asBoolean()
                ? new Whitening(Scope.ROWS, 1, true, true, epsilon, EpsilonAt.DEVIATION, 0)
                : Whitening.none();
        GroupCredit leaveOneOut = new GroupCredit(Baseline.LEAVE_ONE_OUT, Scale.NONE, 1, 0, Single.ZERO);
        Credit credit = Credit.of(AnswerCredit.of(leaveOneOut), whitening);
        double[] advantages = credit.columns(shaped, batch, new Metrics()).get(Advantages.BY_ROW);
        assertNear("advantages", advantages, golden.numbers("advantages"), 1e-6);
    }

    private static Groups consecutive(Golden golden, double[] rewards) {
        int size = golden.hyper("num_generations").asInt();
        int[] group = IntStream.range(0, rewards.length).map(i -> i / size).toArray();
        return Groups.of(group, scored(rewards));
    }

    private static boolean[] scored(double[] rewards) {
        boolean[] scored = new boolean[rewards.length];
        for (int i = 0; i < scored.length; i++) {
            scored[i] = !Double.isNaN(rewards[i]);
        }
        return scored;
    }

    private static double[] zeroForNaN(double[] x) {
        return java.util.Arrays.stream(x).map(v -> Double.isNaN(v) ? 0 : v).toArray();
    }

    /** Weighted sum over the functions that gave a reward; NaN if none did. */
    private static double[] weighted(double[] perFunction, int functions, double[] weights) {
        double[] sums = new double[perFunction.length / functions];
        for (int row = 0; row < sums.length; row++) {
            int given = 0;
            for (int k = 0; k < functions; k++) {
                double r = perFunction[row * functions + k];
                sums[row] += Double.isNaN(r) ? 0 : weights[k] * r;
                given += Double.isNaN(r) ? 0 : 1;
            }
            sums[row] = given == 0 ? Double.NaN : sums[row];
        }
        return sums;
    }

    private static double[] rowSums(double[] tokens, Layout layout) {
        double[] sums = new double[layout.rows()];
        for (int row = 0; row < sums.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                sums[row] += tokens[t];
            }
        }
        return sums;
    }
}
