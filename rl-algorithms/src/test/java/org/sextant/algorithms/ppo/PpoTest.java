// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.algorithms.OnPolicyProviderContract;
import org.sextant.algorithms.Trial;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;

class PpoTest {
    private static Algorithm ppo(String... settings) {
        return Trial.algorithm(new PpoProvider(), settings);
    }

    @Nested
    class Defaults extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return ppo("entropy-bonus.coefficient = 0.01");
        }
    }

    @Nested
    class AsTrl extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return ppo(
                    "credit { holes = zero, scale-rewards = true }",
                    "value.coefficient = 0.1, kl.estimator = k3",
                    "kl { schedule = adaptive, target = 0.01, horizon = 100 }");
        }
    }

    @Nested
    class AsVapo extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return ppo(
                    "samples-per-prompt = 4",
                    "credit { returns-lambda = 1, length-adaptive-lambda = 0.05, bootstrap-truncated = true }",
                    "surrogate { clip-high = 0.28, dual-clip = 1.1 }",
                    "value { clip = null, aggregation = same }, aggregation.kind = sequence-mean-token-mean",
                    "kl.coefficient = 0, truncated-answers = mask");
        }
    }

    @Nested
    class Provider extends OnPolicyProviderContract {
        @Override
        protected AlgorithmProvider provider() {
            return new PpoProvider();
        }
    }

    @Test
    void needsACriticAndForAPenaltyAReference() {
        assertThat(ppo().needs().roles()).containsExactlyInAnyOrder(Role.CRITIC, Role.REFERENCE);
        assertThat(ppo("kl.coefficient = 0").needs().roles()).containsExactly(Role.CRITIC);
        assertThat(ppo().needs().columns()).contains(Standard.VALUES, Standard.REF_LOGP);
        assertThat(ppo().needs().outputs()).contains(Head.VALUE, new LogProb());
    }

    /** One answer of three tokens after a prompt of one: the example of TRL's PPO in three numbers. */
    @Test
    void firstStepByHand() {
        Algorithm ppo = ppo("kl.coefficient = 0.1, value { coefficient = 0.5, clip = 0.2 }");
        double[] old = {0, -1, -1, -1};
        Experience batch = Batches.rows(4)
                .prompts(1)
                .group(0)
                .reward(1)
                .with(Standard.OLD_LOGP, old)
                .with(Standard.REF_LOGP, new double[] {0, -1.1, -1.2, -1})
                .with(Standard.VALUES, new double[] {9, .2, .4, .6, 7})
                .build();
        Metrics metrics = new Metrics();
        Experience credited = batch.with(ppo.credit(batch, metrics));
        // Rewards −0.01, −0.02, 1; A = 0.722, 0.56, 0.4 and R = A + V, then A to mean 0 and variance 1.
        assertThat(credited.get(Standard.RETURNS)).containsExactly(new double[] {0, .922, .96, 1}, within(1e-12));
        assertThat(credited.get(Standard.ADVANTAGES))
                .containsExactly(new double[] {0, 1.002064, -.004141, -.997923}, within(1e-6));
        // Values .1, .9, 1.8: the second is limited to .6, whose error .36 is the larger one and has no gradient; the
        // last one's limit .8 is nearer.
        Trial trial = Trial.of(ppo, credited, old, new double[] {0, .1, .9, 1.8, 0});
        double value = (.822 * .822 + .36 * .36 + .8 * .8) / 2 / 3;
        assertThat(trial.evaluation().parts().get("value")).isCloseTo(value, within(1e-12));
        assertThat(trial.evaluation().parts().get("policy")).isCloseTo(0, within(1e-12));
        assertThat(trial.loss()).isCloseTo(value / 2, within(1e-12));
        assertThat(trial.valueGradient())
                .containsExactly(new double[] {0, -.5 * .822 / 3, 0, .5 * .8 / 3, 0}, within(1e-12));
        double[] expected = new double[old.length];
        Arrays.setAll(expected, t -> -credited.get(Standard.ADVANTAGES)[t] / 3);
        assertThat(trial.gradient()).containsExactly(expected, within(1e-12));
        assertThat(trial.metric("critic/vf_clipfrac")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(metrics.values().get("objective/kl")).isCloseTo(.3, within(1e-12));
        assertThat(metrics.values()).as("an answer alone is no group").doesNotContainKey("frac_reward_zero_std");
    }
}
