// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.sextant.algorithms.Trial;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.experience.Experience;
import org.sextant.api.testkit.AlgorithmContract;
import org.sextant.api.testkit.Batches;
import org.sextant.api.testkit.ProviderContract;

class SftTest {
    private static Algorithm sft(String... settings) {
        return Trial.algorithm(new SftProvider(), settings);
    }

    @Nested
    class TokenMean extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return sft();
        }
    }

    @Nested
    class SequenceMean extends AlgorithmContract {
        @Override
        protected Algorithm algorithm() {
            return sft("aggregation.kind = sequence-mean-token-mean");
        }
    }

    @Nested
    class Provider extends ProviderContract<AlgorithmProvider> {
        @Override
        protected AlgorithmProvider provider() {
            return new SftProvider();
        }

        @Override
        protected Class<AlgorithmProvider> kind() {
            return AlgorithmProvider.class;
        }
    }

    @Test
    void learnsFromDemonstrationsWithoutAnotherModel() {
        assertThat(sft().needs().data()).isEqualTo(DataKind.DEMONSTRATIONS);
        assertThat(sft().needs().roles()).isEmpty();
        assertThat(sft().needs().rollout()).isEmpty();
    }

    @Test
    void promptsAreNotInTheLoss() {
        Experience batch = Batches.rows(3, 4).prompts(2, 1).group(0, 1).build();
        double[] logp = {-100, -100, -2, -100, -1, -4, -4};
        Trial tokens = Trial.of(sft(), batch, logp);
        assertThat(tokens.loss()).isCloseTo(11.0 / 4, within(1e-12));
        assertThat(tokens.gradient()).containsExactly(0, 0, -0.25, 0, -0.25, -0.25, -0.25);
        assertThat(tokens.metric("nll")).isCloseTo(11.0 / 4, within(1e-12));
        Trial sequences = Trial.of(sft("aggregation.kind = sequence-mean-token-mean"), batch, logp);
        assertThat(sequences.loss()).isCloseTo((2 + 3) / 2.0, within(1e-12));
    }
}
