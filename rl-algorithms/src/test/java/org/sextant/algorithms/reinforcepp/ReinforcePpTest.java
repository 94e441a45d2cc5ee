// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.reinforcepp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.algorithms.OnPolicyProviderContract;
import org.sextant.algorithms.Presets;
import org.sextant.algorithms.Trial;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;

class ReinforcePpTest {
    private static Algorithm reinforcePp(String... settings) {
        return Trial.algorithm(new ReinforcePpProvider(), settings);
    }

    @Nested
    class Defaults extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return reinforcePp("entropy-bonus.coefficient = 0.01");
        }
    }

    @Nested
    class AsOpenRlhf extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return reinforcePp(
                    "credit { gamma = 0.95, holes = zero, whiten { ddof = 0, epsilon-at = floor } }",
                    "surrogate.dual-clip = 3, kl.placement = reward-after-baseline");
        }
    }

    @Nested
    class Provider extends OnPolicyProviderContract {
        @Override
        protected AlgorithmProvider provider() {
            return new ReinforcePpProvider();
        }
    }

    /** Three answers, of 2, 1 and 1 tokens, to questions of one token. */
    private static Experience batch(int... group) {
        return Batches.rows(3, 2, 2)
                .prompts(1, 1, 1)
                .group(group)
                .reward(1, 0, 2)
                .with(Standard.OLD_LOGP, new double[] {0, -1, -2, 0, -.5, 0, -1})
                .with(Standard.REF_LOGP, new double[] {0, -2, -2, 0, -.5, 0, -1})
                .build();
    }

    /** Returns 1 − 0.5, 1, 0, 2 of tokens: mean 0.875, squares about it 2.1875. */
    @Test
    void firstStepByHand() {
        Algorithm reinforcePp = reinforcePp("kl.coefficient = 0.5");
        Experience credited = batch(0, 1, 2).with(reinforcePp.credit(batch(0, 1, 2), new Metrics()));
        double std = Math.sqrt(2.1875 / 3);
        double[] advantages = {0, -.375 / std, .125 / std, 0, -.875 / std, 0, 1.125 / std};
        assertThat(credited.get(Standard.ADVANTAGES)).containsExactly(advantages, within(1e-7));
        double[] expected = new double[advantages.length];
        java.util.Arrays.setAll(expected, t -> -credited.get(Standard.ADVANTAGES)[t] / 4);
        assertThat(Trial.of(reinforcePp, credited, credited.get(Standard.OLD_LOGP))
                        .gradient())
                .containsExactly(expected, within(1e-12));
    }

    /** One group: rewards 0, −1, 1 less its mean; over the four tokens their mean is 0, their squares 2; k2 in the loss. */
    @Test
    void withTheMeanOfTheGroupByHand() {
        Algorithm baseline = Presets.algorithm("reinforce-pp-baseline", "kl.coefficient = 0.5");
        Experience credited = batch(0, 0, 0).with(baseline.credit(batch(0, 0, 0), new Metrics()));
        double std = Math.sqrt(2.0 / 3);
        double[] advantages = {0, 0, 0, 0, -1 / std, 0, 1 / std};
        assertThat(credited.get(Standard.ADVANTAGES)).containsExactly(advantages, within(1e-7));
        Trial trial = Trial.of(baseline, credited, credited.get(Standard.OLD_LOGP));
        // ½ · 1² of one token in four, and its gradient, β d / 4.
        assertThat(trial.evaluation().parts().get("kl")).isCloseTo(.5 / 4, within(1e-12));
        assertThat(trial.gradient())
                .containsExactly(new double[] {0, .125, 0, 0, .25 / std, 0, -.25 / std}, within(1e-7));
    }
}
