// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.remax;

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

class RemaxTest {
    private static Algorithm remax(String... settings) {
        return Trial.algorithm(new RemaxProvider(), settings);
    }

    @Nested
    class Defaults extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return remax("entropy-bonus.coefficient = 0.01");
        }
    }

    @Nested
    class ClippedWithSeveralAnswers extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return remax("samples-per-prompt = 3, surrogate.kind = clip, credit.gamma = 0.9, kl.placement = reward");
        }
    }

    @Nested
    class Provider extends OnPolicyProviderContract {
        @Override
        protected AlgorithmProvider provider() {
            return new RemaxProvider();
        }
    }

    @Test
    void asksForOneGreedyAnswerToEachPrompt() {
        assertThat(remax().needs().rollout().orElseThrow().greedyBaseline()).isTrue();
        assertThat(remax("credit.baseline = none")
                        .needs()
                        .rollout()
                        .orElseThrow()
                        .greedyBaseline())
                .isFalse();
    }

    /** Two answers of two tokens: rewards 1 and 0 against greedy ones of 0.25 and 8; log(π/π_ref) is 0.2, 0.1 and 0, −0.4. */
    private static Experience batch() {
        return Batches.rows(3, 3)
                .prompts(1, 1)
                .group(0, 1)
                .reward(1, 0)
                .with(Standard.GREEDY_REWARD, new double[] {.25, 8})
                .with(Standard.OLD_LOGP, new double[] {0, -1, -2, 0, -.5, -1})
                .with(Standard.REF_LOGP, new double[] {0, -1.2, -2.1, 0, -.5, -.6})
                .build();
    }

    /** verl: rewards to come, each less its KL, less the greedy reward, in which there is no KL. */
    @Test
    void asVerlByHand() {
        Algorithm remax = remax("kl.coefficient = 0.1");
        Experience credited = batch().with(remax.credit(batch(), new Metrics()));
        double[] advantages = {0, .75 - .03, .75 - .01, 0, -8 + .04, -8 + .04};
        assertThat(credited.get(Standard.ADVANTAGES)).containsExactly(advantages, within(1e-12));
        Trial trial = Trial.of(remax, credited, credited.get(Standard.OLD_LOGP));
        for (int t = 0; t < advantages.length; t++) {
            assertThat(trial.gradient()[t]).isCloseTo(-advantages[t] / 4, within(1e-12));
        }
    }

    /** The authors: γ^(T−t) · clip(R − greedy, ±5), each token less its own KL alone; the mean over tokens. */
    @Test
    void asTheAuthorsByHand() {
        Algorithm remax = Presets.algorithm("remax-authors", "kl.coefficient = 0.1");
        Experience credited = batch().with(remax.credit(batch(), new Metrics()));
        double[] advantages = {0, .99 * .75 - .02, .75 - .01, 0, .99 * -5, -5 + .04};
        assertThat(credited.get(Standard.ADVANTAGES)).containsExactly(advantages, within(1e-12));
        double[] logp = {0, -3, -1, 0, -2, -.1};
        Trial trial = Trial.of(remax, credited, logp);
        double loss = 0;
        for (int t = 0; t < advantages.length; t++) {
            loss -= advantages[t] * logp[t] / 4;
            assertThat(trial.gradient()[t]).as("no ratio at %d", t).isCloseTo(-advantages[t] / 4, within(1e-12));
        }
        assertThat(trial.loss()).isCloseTo(loss, within(1e-12));
    }
}
