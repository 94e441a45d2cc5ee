// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.kl;

import static org.sextant.algorithms.Numbers.assertNear;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.algorithms.Golden;
import org.sextant.algorithms.credit.RewardSignal;
import org.sextant.algorithms.kl.Kl.Estimator;
import org.sextant.algorithms.kl.Kl.Placement;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.tape.Tape;
import org.sextant.api.tape.Term;

/** Estimators, their gradients and the penalty in the reward, as verl computes them. */
class GoldenKlTest {
    static Stream<Golden> penalty() {
        return Golden.cases("losses_rl.json", "verl_kl_penalty");
    }

    @ParameterizedTest
    @MethodSource
    void penalty(Golden golden) {
        Kl kl = verl(golden.hyper("kl_penalty").asText());
        Tape tape = new Tape(golden.layout("logprob"));
        Term logp = tape.variable(Domain.TOKEN, golden.numbers("logprob"));
        Term ref = tape.constant(Domain.TOKEN, golden.numbers("ref_logprob"));
        Term estimate = kl.estimate(logp, ref);
        assertNear("kl", estimate.values(), golden.numbers("kl"), 1e-9);
        assertNear("kl", kl.estimate(logp.values(), ref.values()), golden.numbers("kl"), 1e-9);
        tape.gradients(Map.of(estimate, golden.numbers("weights")));
        assertNear("gradient", logp.gradient(), golden.numbers("grad_logprob_of_weighted_sum"), 1e-9);
    }

    static Kl verl(String name) {
        boolean straightThrough = name.endsWith("+");
        Estimator estimator = switch (name.replace("+", "")) {
            case "kl", "k1" -> Estimator.K1;
            case "abs" -> Estimator.ABS;
            case "mse", "k2" -> Estimator.K2;
            default -> Estimator.K3;
        };
        boolean clamped = estimator == Estimator.K3;
        return new Kl(
                1,
                Placement.LOSS,
                estimator,
                straightThrough,
                clamped ? Optional.of(20.0) : Optional.empty(),
                clamped ? Optional.of(10.0) : Optional.empty(),
                false);
    }

    static Stream<Golden> inReward() {
        return Golden.cases("advantages.json", "verl_kl_in_reward");
    }

    @ParameterizedTest
    @MethodSource
    void inReward(Golden golden) {
        Kl kl = Kl.of(golden.hyper("kl_ratio").asDouble(), Placement.REWARD, Estimator.K1);
        double[] rewards = golden.numbers("token_level_scores");
        boolean[] all = new boolean[rewards.length];
        Arrays.fill(all, true);
        Experience batch = Experience.of(
                golden.layout("token_level_scores"),
                Columns.of(Standard.RESPONSE_MASK, all)
                        .with(Standard.OLD_LOGP, golden.numbers("old_log_prob"))
                        .with(Standard.REF_LOGP, golden.numbers("ref_log_prob")));
        RewardSignal none = RewardSignal.ofRows(new double[batch.rows()], null, batch.layout());
        double[] penalty = KlPenalty.of(kl).penalise(none, batch, new Metrics()).penalty();
        for (int t = 0; t < rewards.length; t++) {
            rewards[t] -= penalty[t];
        }
        assertNear("token rewards", rewards, golden.numbers("token_rewards"), 1e-9);
    }
}
