// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.rloo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.algorithms.OnPolicyProviderContract;
import org.sextant.algorithms.Trial;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;

class RlooTest {
    private static Algorithm rloo(String... settings) {
        return Trial.algorithm(new RlooProvider(), settings);
    }

    @Nested
    class Defaults extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return rloo("entropy-bonus.coefficient = 0.01");
        }
    }

    @Nested
    class AsTrl extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return rloo(
                    "surrogate.kind = clip, rewards.clip = 0.8, samples-per-prompt = 2",
                    "credit.whiten { scope = rows, epsilon = 1e-4, epsilon-at = deviation }");
        }
    }

    @Nested
    class PenaltyInTheLoss extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return rloo(
                    "kl { placement = loss, estimator = k3, ratio-weighted = true }",
                    "surrogate { kind = clip, level = sequence-mean }",
                    "aggregation.count-empty-rows = false");
        }
    }

    @Nested
    class Provider extends OnPolicyProviderContract {
        @Override
        protected AlgorithmProvider provider() {
            return new RlooProvider();
        }
    }

    @Test
    void referenceIsNeededOnlyForAPenalty() {
        assertThat(rloo("kl.coefficient = 0").needs().roles()).isEmpty();
        assertThat(rloo().needs().roles()).containsExactly(Role.REFERENCE);
    }

    @Test
    void firstStepByHand() {
        Algorithm rloo = rloo("kl.coefficient = 0.1");
        Experience batch = batch(1, 0, 0);
        double[] old = batch.get(Standard.OLD_LOGP);
        double[] ref = old.clone();
        // The second answer has moved from the reference by 2 + 1 nats.
        ref[4] -= 2;
        ref[5] -= 1;
        Metrics metrics = new Metrics();
        Experience credited = batch.with(Standard.REF_LOGP, ref);
        credited = credited.with(rloo.credit(credited, metrics));
        // Rewards 1, −0.3, 0; each less the mean of the other two.
        double[] advantages = {1.15, -0.8, -0.35};
        assertThat(credited.get(Advantages.BY_ROW)).containsExactly(advantages, within(1e-12));
        assertThat(metrics.values().get("objective/rlhf_reward")).isCloseTo(0.7 / 3, within(1e-12));
        Trial trial = Trial.of(rloo, credited, old);
        // −1/3 Σ A log π: sums −3, −1.5, −2.
        assertThat(trial.loss()).isCloseTo((1.15 * 3 - 0.8 * 1.5 - 0.35 * 2) / 3, within(1e-12));
        double[] expected = {0, -1.15 / 3, -1.15 / 3, 0, 0.8 / 3, 0.8 / 3, 0, 0.35 / 3};
        assertThat(trial.gradient()).containsExactly(expected, within(1e-12));
    }

    @Test
    void onTheFirstStepClipAndReinforceHaveTheSameGradient() {
        Experience batch = batch(1, 0, 0.5);
        double[] old = batch.get(Standard.OLD_LOGP);
        Algorithm reinforce = rloo("kl.coefficient = 0");
        Experience credited = batch.with(reinforce.credit(batch, new Metrics()));
        double[] clipped = Trial.of(rloo("kl.coefficient = 0, surrogate.kind = clip"), credited, old)
                .gradient();
        assertThat(clipped).containsExactly(Trial.of(reinforce, credited, old).gradient(), within(1e-15));
    }

    @Test
    void constantRewardsGiveExactlyNoGradient() {
        Experience batch = batch(0.1, 0.1, 0.1);
        for (String settings : new String[] {
            "", "surrogate.kind = clip, credit.whiten { scope = rows, epsilon = 1e-4, epsilon-at = deviation }"
        }) {
            Algorithm rloo = rloo("kl.coefficient = 0", settings);
            Experience credited = batch.with(rloo.credit(batch, new Metrics()));
            double[] logp = {0, -1.5, -2, 0, -0.1, -1, 0, -2.5};
            assertThat(Trial.of(rloo, credited, logp).gradient()).containsOnly(0.0);
        }
    }

    @Test
    void rewardsAreClippedOnBothSides() {
        Experience batch = batch(5, -5, 0);
        Algorithm rloo = rloo("kl.coefficient = 0, rewards.clip = 1");
        assertThat(batch.with(rloo.credit(batch, new Metrics())).get(Advantages.BY_ROW))
                .containsExactly(1.5, -1.5, 0);
    }

    /** One group of three; answers of 2, 2 and 1 tokens after prompts of one. */
    private static Experience batch(double... rewards) {
        return Batches.rows(3, 3, 2)
                .prompts(1, 1, 1)
                .group(0, 0, 0)
                .reward(rewards)
                .with(Standard.OLD_LOGP, new double[] {0, -1, -2, 0, -0.5, -1, 0, -2})
                .build();
    }
}
