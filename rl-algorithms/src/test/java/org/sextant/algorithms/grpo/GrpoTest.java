// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.algorithms.OnPolicyProviderContract;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.experience.Column;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;

class GrpoTest {
    private static Algorithm grpo(String... settings) {
        return Trial.algorithm(new GrpoProvider(), settings);
    }

    @Nested
    class Defaults extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return grpo("entropy-bonus.coefficient = 0.01");
        }
    }

    @Nested
    class SequenceRatioWithPenaltyInTheReward extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return grpo(
                    "surrogate.level = sequence-mean, surrogate.clip-high = 0.4",
                    "kl { placement = reward, estimator = k1 }",
                    "credit { scale = batch, baseline = leave-one-out }",
                    "aggregation { kind = sequence-mean-token-sum, count-empty-rows = false }");
        }
    }

    @Nested
    class EveryBound extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return grpo(
                    "surrogate { dual-clip = 1.1, delta = 1.3, log-ratio-clamp = 0.2 }",
                    "kl { ratio-weighted = true, difference-clamp = 0.3, value-clamp = 0.04 }",
                    "aggregation.kind = token-mean, truncated-answers = mask");
        }
    }

    @Nested
    class TokenGradientOfTheSequenceRatio extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return grpo("surrogate.level = sequence-mean-token-gradient", "kl.straight-through = true");
        }

        @Override
        protected boolean stopsGradients() {
            return true;
        }
    }

    @Nested
    class ComponentsScaledApart extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return grpo(
                    "rewards { components = [{ name = right, weight = 1 }, { name = brief, weight = 0.3 }] }",
                    "rewards.order = normalise-then-sum");
        }

        @Override
        protected Experience batch() {
            Experience batch = Batches.matching(grpo().needs(), 7);
            double[] reward = batch.get(Standard.REWARD);
            double[] right = Arrays.stream(reward).map(r -> r > 0.5 ? 1 : 0 * r).toArray();
            double[] brief = Arrays.stream(reward).map(r -> 0.1 * r + 0.2).toArray();
            return batch.with(Column.doubles("rewards/right", Domain.ROW), right)
                    .with(Column.doubles("rewards/brief", Domain.ROW), brief);
        }
    }

    @Nested
    class Provider extends OnPolicyProviderContract {
        @Override
        protected AlgorithmProvider provider() {
            return new GrpoProvider();
        }
    }

    @Test
    void referenceIsNeededOnlyForAPenalty() {
        assertThat(grpo("kl.coefficient = 0").needs().roles()).isEmpty();
        assertThat(grpo("kl.coefficient = 0").needs().columns()).isEmpty();
        assertThat(grpo().needs().roles()).containsExactly(Role.REFERENCE);
        assertThat(grpo("samples-per-prompt = 5")
                        .needs()
                        .rollout()
                        .orElseThrow()
                        .samplesPerPrompt())
                .isEqualTo(5);
    }

    @Test
    void constantRewardsGiveExactlyNoGradient() {
        Algorithm grpo = grpo("kl.coefficient = 0");
        Experience batch = batch(0.1, 0.1, 0.1, 0.1, 0.1, 0.1);
        double[] logp = {0, -1, -2, 0, -0.5, 0, -3, 0, -1, -1, 0, -0.2, 0, -0.7};
        Trial trial = Trial.of(grpo, batch.with(grpo.credit(batch, new Metrics())), logp);
        assertThat(trial.gradient()).containsOnly(0.0);
        assertThat(trial.entropyGradient()).containsOnly(0.0);
    }

    /** Two groups; equation 3 of the paper worked out with a pocket calculator. */
    @Test
    void firstStepByHand() {
        Algorithm grpo = grpo("kl.coefficient = 0.5, credit.epsilon = 0");
        Experience batch = batch(1, 0, 0, 1, 1, 1);
        double[] old = batch.get(Standard.OLD_LOGP);
        double[] ref = old.clone();
        ref[1] += Math.log(2);
        Experience referred = batch.with(Standard.REF_LOGP, ref);
        Experience credited = referred.with(grpo.credit(referred, new Metrics()));
        // Rewards 1, 0, 0: mean 1/3, standard deviation 1/√3; the other group is constant.
        double high = 2 / Math.sqrt(3);
        double low = -1 / Math.sqrt(3);
        assertThat(credited.get(Standard.ADVANTAGES))
                .containsExactly(new double[] {0, high, high, 0, low, 0, low, 0, 0, 0, 0, 0, 0, 0}, within(1e-12));
        Trial trial = Trial.of(grpo, credited, old);
        // ρ is 1: the policy part is minus the mean advantage, 0; k3 of the one token that moved is 2 − ln 2 − 1, a
        // half of its answer.
        assertThat(trial.evaluation().parts().get("policy")).isCloseTo(0, within(1e-12));
        assertThat(trial.loss()).isCloseTo(0.5 * (1 - Math.log(2)) / 2 / 6, within(1e-12));
        // −A/(|o| G) of each token, and β(1 − π_ref/π)/(|o| G) where the reference differs.
        double[] expected = new double[14];
        expected[1] = -high / 12 + 0.5 * (1 - 2) / 12;
        expected[2] = -high / 12;
        expected[4] = -low / 6;
        expected[6] = -low / 6;
        assertThat(trial.gradient()).containsExactly(expected, within(1e-12));
        assertThat(trial.metric("ratio/mean")).isEqualTo(1);
        assertThat(trial.metric("approx_kl")).isZero();
        assertThat(trial.metric("kl")).isCloseTo((1 - Math.log(2)) / 8, within(1e-12));
    }

    @Test
    void creditMetricsLookAtValidRowsAlone() {
        Metrics metrics = new Metrics();
        grpo("kl.coefficient = 0").credit(batch(1, Double.NaN, 0, 2, 2, 2), metrics);
        assertThat(metrics.values()).containsEntry("frac_reward_zero_std", 0.5);
        // 1/√2 twice, −1/√2 once, and 0 four times.
        assertThat(metrics.values().get("advantages/mean")).isCloseTo(Math.sqrt(0.5) / 7, within(1e-5));
        assertThat(metrics.values().get("advantages/std")).isCloseTo(Math.sqrt((1.5 - 0.5 / 7) / 6), within(1e-5));
    }

    /** By hand: each component has z-scores ±1/√2 in its group, the sum is scaled over the batch. */
    @Test
    void componentsAreCombinedInTheOrderAskedFor() {
        Experience batch = batch(9, 9, 9, 9, 9, Double.NaN)
                .with(Column.doubles("rewards/a", Domain.ROW), new double[] {1000, 0, Double.NaN, 1, 0, Double.NaN})
                .with(Column.doubles("rewards/b", Domain.ROW), new double[] {0, 1, Double.NaN, 1, 0, Double.NaN});
        String components = "kl.coefficient = 0, credit.epsilon = 0, "
                + "rewards.components = [{ name = a, weight = 1 }, { name = b, weight = 2 }]";
        double z = Math.sqrt(0.5);
        assertThat(byRow(grpo(components), batch)).containsExactly(new double[] {z, -z, 0, z, -z, 0}, within(1e-12));
        // Sums −z, z, 3z, −3z: mean 0, standard deviation √(20 z²/3).
        double std = Math.sqrt(10.0 / 3);
        assertThat(byRow(grpo(components, "rewards.order = normalise-then-sum"), batch))
                .containsExactly(new double[] {-z / std, z / std, 0, 3 * z / std, -3 * z / std, 0}, within(1e-12));
    }

    private static double[] byRow(Algorithm grpo, Experience batch) {
        return grpo.credit(batch, new Metrics()).get(Advantages.BY_ROW);
    }

    /** Two groups of three; answers of 2, 1, 1, 2, 1, 1 tokens after prompts of one. */
    private static Experience batch(double... rewards) {
        double[] old = {0, -1, -2, 0, -0.5, 0, -3, 0, -1, -1, 0, -0.2, 0, -0.7};
        Finish[] finish = new Finish[6];
        Arrays.fill(finish, Finish.EOS);
        return Batches.rows(3, 2, 2, 3, 2, 2)
                .prompts(1, 1, 1, 1, 1, 1)
                .group(0, 0, 0, 1, 1, 1)
                .reward(rewards)
                .with(Standard.FINISH, finish)
                .with(Standard.OLD_LOGP, old)
                .build();
    }
}
