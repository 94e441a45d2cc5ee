// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.Output;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.AdapterSettings;

@DisplayName("What the head of a critic begins with")
class CriticStartTest {
    private static final AdapterSettings ADAPTER = new AdapterSettings(2, 4, 0, List.of("q_proj"), false);

    @TempDir
    Path folder;

    private static double[] says(LanguageModel model, Output head) {
        Experience batch = TestModels.batch(model.config().vocabulary(), 5, 6, 4);
        return model.score(batch, Set.of(head), 1).get(head);
    }

    private Path saved(String name, Kernels kernels, Head... heads) {
        try (LanguageModel model = TestModels.spread(TestModels.tiny(true), Set.of(heads), kernels)) {
            model.save(folder.resolve(name));
        }
        return folder.resolve(name);
    }

    private static LanguageModel critic(Path directory, Kernels kernels) {
        return LanguageModel.load(directory, kernels, Role.CRITIC, WeightFormat.FLOAT, Set.of(Head.VALUE));
    }

    @Test
    @DisplayName("A reward model's, if it is the only one; its own, if it is there; else zero")
    void wholeModels() {
        try (Kernels kernels = new ReferenceKernels()) {
            Path rewarding = saved("reward", kernels, Head.SCORE);
            try (LanguageModel reward = LanguageModel.load(rewarding, kernels, Role.REWARD);
                    LanguageModel critic = critic(rewarding, kernels);
                    LanguageModel asReward = LanguageModel.load(rewarding, kernels, Role.REFERENCE)) {
                assertThat(critic.heads()).containsExactly(Head.VALUE);
                assertThat(says(critic, Head.VALUE)).isEqualTo(says(reward, Head.SCORE));
                assertThat(asReward.heads()).containsExactly(Head.SCORE);
            }
            Path both = saved("both", kernels, Head.SCORE, Head.VALUE);
            try (LanguageModel loaded = LanguageModel.load(both, kernels, Role.REWARD);
                    LanguageModel critic = critic(both, kernels)) {
                assertThat(says(critic, Head.VALUE)).isEqualTo(says(loaded, Head.VALUE));
                assertThat(says(critic, Head.VALUE)).isNotEqualTo(says(loaded, Head.SCORE));
            }
            try (LanguageModel critic = critic(saved("none", kernels), kernels)) {
                assertThat(says(critic, Head.VALUE)).containsOnly(0.0);
            }
        }
    }

    @Test
    @DisplayName("The same for an adapter on a reward model, and for one that was trained as a reward model")
    void adapters() {
        try (Kernels kernels = new ReferenceKernels()) {
            Path rewarding = saved("reward", kernels, Head.SCORE);
            try (LanguageModel base = LanguageModel.base(rewarding, "00", kernels, WeightFormat.FLOAT);
                    LanguageModel critic = base.sharing(
                            Role.CRITIC,
                            Set.of(Head.VALUE),
                            Optional.of(ADAPTER),
                            new Streams(1).open(StreamKey.of("adapter")))) {
                assertThat(says(critic, Head.VALUE)).isEqualTo(says(base, Head.SCORE));
            }
            try (LanguageModel base = LanguageModel.base(saved("none", kernels), "00", kernels, WeightFormat.FLOAT);
                    LanguageModel reward = TestModels.adapted(base, Set.of(Head.SCORE), ADAPTER)) {
                kernels.set(reward.transformer().weight(Head.SCORE), 0, 1, 0.5);
                reward.save(folder.resolve("adapter"));
                try (LanguageModel critic = base.sharing(Role.CRITIC, folder.resolve("adapter"), Set.of(Head.VALUE))) {
                    assertThat(critic.heads()).containsExactly(Head.VALUE);
                    assertThat(says(critic, Head.VALUE)).isEqualTo(says(reward, Head.SCORE));
                }
            }
        }
    }

    @Test
    @DisplayName("Fresh weights come with a head at zero")
    void fresh() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel critic = LanguageModel.fresh(
                        TestModels.tiny(true),
                        Set.of(Head.VALUE),
                        kernels,
                        Role.CRITIC,
                        new Streams(1).open(StreamKey.of("init-critic")))) {
            assertThat(critic.bytesByRole()).containsKeys("critic", "critic_activations");
            assertThat(says(critic, Head.VALUE)).containsOnly(0.0);
            assertThat(kernels.sumOfSquares(critic.parameters().getFirst().value()))
                    .isPositive();
        }
    }
}
