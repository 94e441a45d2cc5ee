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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.ModelView;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Parameter;

@DisplayName("Which model a view is of")
class ModelViewTest {
    private static final Experience BATCH = TestModels.batch(11, 3, 7, 2, 12);

    @TempDir
    Path directory;

    private static AdapterSettings settings(double alpha) {
        return new AdapterSettings(2, alpha, 0, List.of("q_proj"), false);
    }

    @Test
    @DisplayName("It names base and adapter; the policy is the same where both are")
    void parts() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(), kernels);
                LanguageModel policy = TestModels.adapted(base, Set.of(), settings(4));
                LanguageModel same = policy.copy(Role.REFERENCE, Set.of(Head.VALUE));
                LanguageModel louder = TestModels.adapted(base, Set.of(), settings(8))) {
            ModelView view = policy.view();
            assertThat(view.weights()).isEqualTo(base.view().weights());
            assertThat(view.adapter()).get().asString().matches("[0-9a-f]{64}");
            assertThat(base.view().adapter()).isEmpty();
            assertThat(view.samePolicy(same.view())).isTrue();
            assertThat(view.samePolicy(louder.view())).isFalse();

            Parameter up = policy.trained().getLast();
            kernels.set(up.value(), 0, 0, 9);
            assertThat(policy.view().weights()).isEqualTo(view.weights());
            assertThat(policy.view().adapter()).isNotEqualTo(view.adapter());
            assertThat(policy.view().samePolicy(same.view())).isFalse();
        }
    }

    @Test
    @DisplayName("Weights that are trained are hashed anew, frozen ones once for all that share them")
    void once() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(), kernels)) {
            Parameter weight = base.parameters().getFirst();
            String before = base.view().weights();
            kernels.set(weight.value(), 0, 0, 9);
            String after = base.view().weights();
            assertThat(after).isNotEqualTo(before);
            try (LanguageModel one = TestModels.adapted(base, Set.of(), settings(4));
                    LanguageModel two = TestModels.adapted(base, Set.of(), settings(4))) {
                assertThat(one.view().weights()).isEqualTo(after);
                // Nobody may do this; it shows that nothing is read again.
                kernels.set(weight.value(), 0, 0, 10);
                assertThat(two.view().weights()).isEqualTo(after);
            }
        }
    }

    @Test
    @DisplayName("A head that was saved is read, one that was not begins at zero, on a model and on an adapter")
    void heads() {
        Set<Head> heads = Set.of(Head.VALUE, Head.SCORE);
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel made = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(Head.VALUE), kernels);
                LanguageModel adapted = TestModels.adapted(made, Set.of(Head.VALUE), settings(4))) {
            made.save(directory.resolve("whole"));
            adapted.save(directory.resolve("adapter"));
            try (LanguageModel whole = LanguageModel.load(
                            directory.resolve("whole"), kernels, Role.REWARD, WeightFormat.FLOAT, heads);
                    LanguageModel view = made.sharing(Role.REWARD, directory.resolve("adapter"), heads)) {
                for (LanguageModel model : List.of(whole, view)) {
                    LanguageModel saved = model == whole ? made : adapted;
                    var scored = model.score(BATCH, Set.copyOf(heads), 1);
                    assertThat(scored.get(Head.SCORE)).containsOnly(0);
                    assertThat(scored.get(Head.VALUE))
                            .containsExactly(
                                    saved.score(BATCH, Set.of(Head.VALUE), 1).get(Head.VALUE))
                            .isNotEqualTo(new double[scored.get(Head.VALUE).length]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A copy of a view on weights in bfloat16 shares them, and a copy of the weights keeps the format")
    void halves(Kernels kernels) {
        LogProb logp = new LogProb();
        try (kernels) {
            try (LanguageModel made = TestModels.spread(TestModels.tiny(Family.QWEN3), Set.of(), kernels)) {
                made.save(directory);
            }
            try (LanguageModel base = LanguageModel.base(directory, "", kernels, WeightFormat.BF16);
                    LanguageModel heads = base.sharing(
                            Role.CRITIC, Set.of(Head.VALUE), Optional.empty(), new Streams(1).open(StreamKey.of("x")));
                    LanguageModel view = heads.copy(Role.REWARD);
                    LanguageModel whole = base.copy(Role.REFERENCE)) {
                assertThat(view.parameters()).containsAll(base.parameters());
                assertThat(view.bytesByRole().get("reward")).isLessThanOrEqualTo(512);
                assertThat(whole.parameters()).doesNotContainAnyElementsOf(base.parameters());
                assertThat(whole.bytesByRole().get("reference"))
                        .isEqualTo(base.bytesByRole().get("policy"));
                double[] expected = base.score(BATCH, Set.of(logp), 1).get(logp);
                for (LanguageModel same : List.of(view, whole)) {
                    assertThat(same.contentHash().length()).isEqualTo(64);
                    assertThat(same.view().samePolicy(base.view())).isTrue();
                    assertThat(same.trained()).allMatch(p -> p.name().equals("value_head.weight"));
                    assertThat(same.score(BATCH, Set.of(logp), 1).get(logp)).containsExactly(expected);
                }
            }
        }
    }
}
