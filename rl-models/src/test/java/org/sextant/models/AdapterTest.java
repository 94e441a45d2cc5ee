// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.experience.Experience;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Parameter;

@DisplayName("Low-rank adapters")
class AdapterTest {
    private static final LogProb LOG_PROB = new LogProb();
    private static final AdapterSettings SETTINGS =
            new AdapterSettings(2, 4, 0, List.of("q_proj", "v_proj", "down_proj"), false);
    private static final Experience BATCH = TestModels.batch(11, 3, 7, 2, 12);

    @TempDir
    Path directory;

    private static double[] score(LanguageModel model) {
        return model.score(BATCH, Set.of(LOG_PROB), 1).get(LOG_PROB);
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("A fresh adapter changes no bit; one that has moved changes every answer, its base none")
    void fresh(Kernels kernels) {
        try (kernels;
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.QWEN2), Set.of(), kernels)) {
            double[] alone = score(base);
            var stream = new Streams(1).open(StreamKey.of("adapter"));
            try (LanguageModel model = base.sharing(Role.POLICY, Set.of(), Optional.of(SETTINGS), stream)) {
                assertThat(score(model)).containsExactly(alone);
            }
            try (LanguageModel model = TestModels.adapted(base, Set.of(), SETTINGS);
                    LanguageModel reference = model.copy(Role.REFERENCE)) {
                assertThat(score(model)).isNotEqualTo(alone);
                assertThat(score(reference)).containsExactly(score(model));
                assertThat(score(base)).containsExactly(alone);
                assertThat(model.view().samePolicy(reference.view())).isTrue();
                assertThat(model.view().samePolicy(base.view())).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Folded into the weights it computes the same within 1e-5")
    void merged(Kernels kernels) {
        for (Family family : List.of(Family.LLAMA, Family.QWEN3)) {
            try (LanguageModel base = TestModels.spread(TestModels.tiny(family), Set.of(), kernels);
                    LanguageModel model = TestModels.adapted(base, Set.of(Head.SCORE), SETTINGS);
                    LanguageModel whole = model.merged()) {
                assertThat(score(whole)).containsExactly(score(model), within(1e-5));
                assertThat(whole.transformer().adapter()).isEmpty();
                assertThat(whole.transformer().heads()).containsExactly(Head.SCORE);
            }
        }
        kernels.close();
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Saved under PEFT's names, and read back to the bit")
    void saved(Kernels kernels) throws Exception {
        Path whole = directory.resolve("base");
        Path saved = directory.resolve("adapter");
        try (kernels) {
            try (LanguageModel fresh = TestModels.spread(TestModels.tiny(Family.QWEN3), Set.of(), kernels)) {
                fresh.save(whole);
            }
            try (LanguageModel base = LanguageModel.load(whole, kernels, Role.POLICY);
                    LanguageModel model = TestModels.adapted(base, Set.of(Head.SCORE), SETTINGS)) {
                model.save(saved);
                try (LanguageModel same = base.sharing(Role.REFERENCE, saved)) {
                    assertThat(same.contentHash()).isEqualTo(model.contentHash());
                    assertThat(score(same)).containsExactly(score(model));
                }
            }
        }
        JsonNode config =
                new ObjectMapper().readTree(saved.resolve("adapter_config.json").toFile());
        assertThat(config.get("peft_type").textValue()).isEqualTo("LORA");
        assertThat(config.get("r").intValue()).isEqualTo(2);
        assertThat(config.get("lora_alpha").doubleValue()).isEqualTo(4);
        assertThat(config.get("base_model_name_or_path").textValue()).isEqualTo(whole.toString());
        try (SafetensorsFile file = SafetensorsFile.open(saved.resolve("adapter_model.safetensors"))) {
            String layer = "base_model.model.model.layers.1.";
            assertThat(file.tensors())
                    .hasSize(2 * 3 * 2 + 1)
                    .containsKeys(
                            layer + "self_attn.q_proj.lora_A.weight",
                            layer + "self_attn.v_proj.lora_B.weight",
                            layer + "mlp.down_proj.lora_A.weight",
                            "base_model.model.score.weight");
            assertThat(file.tensors()
                            .get(layer + "self_attn.v_proj.lora_B.weight")
                            .shape())
                    .containsExactly(12L, 2L);
        }
    }

    @Test
    @DisplayName("What is dropped depends on the seed alone, and the gradient is that of what was computed")
    void dropout() {
        var settings = new AdapterSettings(2, 4, 0.4, List.of("q_proj", "o_proj", "up_proj"), false);
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(), kernels);
                LanguageModel model = TestModels.adapted(base, Set.of(), settings)) {
            double[] once = forward(model, 9);
            assertThat(forward(model, 9)).containsExactly(once);
            assertThat(forward(model, 10)).isNotEqualTo(once);
            assertThat(model.forward(BATCH, Set.of(LOG_PROB), 1).get(LOG_PROB)).containsExactly(score(model));

            double[] weights = new Random(6).doubles(once.length, -1, 1).toArray();
            model.forward(BATCH, Set.of(LOG_PROB), 1, 9).backward(Map.of(LOG_PROB, weights));
            for (Parameter p : model.trained()) {
                double kept = kernels.get(p.value(), 1, 1);
                kernels.set(p.value(), 1, 1, kept + 1e-5);
                double above = sum(forward(model, 9), weights);
                kernels.set(p.value(), 1, 1, kept - 1e-5);
                double below = sum(forward(model, 9), weights);
                kernels.set(p.value(), 1, 1, kept);
                assertThat(kernels.get(p.gradient(), 1, 1))
                        .as(p.name())
                        .isCloseTo((above - below) / 2e-5, within(1e-7));
            }
        }
    }

    private static double[] forward(LanguageModel model, long seed) {
        return model.forward(BATCH, Set.of(LOG_PROB), 1, seed).get(LOG_PROB);
    }

    private static double sum(double[] values, double[] weights) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * weights[i];
        }
        return sum;
    }

    @Test
    @DisplayName("Heads that the config lists and heads that the weights have must be the same")
    void listedHeads() throws Exception {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(), kernels)) {
            try (LanguageModel bare = TestModels.adapted(base, Set.of(), SETTINGS)) {
                bare.save(directory);
            }
            Path config = directory.resolve("adapter_config.json");
            String without = Files.readString(config);
            Files.writeString(config, without.replace("\"modules_to_save\": null", "\"modules_to_save\": [\"score\"]"));
            assertThatThrownBy(() -> base.sharing(Role.CRITIC, directory))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessage(
                            config + ": modules_to_save lists the heads [score], but adapter_model.safetensors has the"
                                    + " heads []; both must have the same");
            try (LanguageModel critic = TestModels.adapted(base, Set.of(Head.VALUE), SETTINGS)) {
                critic.save(directory);
            }
            base.sharing(Role.CRITIC, directory).close();
            Files.writeString(config, without);
            assertThatThrownBy(() -> base.sharing(Role.CRITIC, directory))
                    .hasMessageContaining(
                            "lists the heads [], but adapter_model.safetensors has the heads [value_head]");
        }
    }

    @Test
    @DisplayName("all-linear is every projection; a longer name is one among several of the same last word")
    void wholeNames() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.GPT2), Set.of(), kernels)) {
            assertThat(adapted(base, AdapterSettings.ALL_LINEAR))
                    .containsExactly("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj");
            assertThat(adapted(base, List.of("c_proj"))).containsExactly("attn.c_proj", "mlp.c_proj");
            assertThat(adapted(base, List.of("mlp.c_proj"))).containsExactly("mlp.c_proj");
        }
    }

    private static Set<String> adapted(LanguageModel base, List<String> targets) {
        AdapterSettings settings = new AdapterSettings(2, 4, 0, targets, false);
        try (LanguageModel model = TestModels.adapted(base, Set.of(), settings)) {
            return model.trained().stream()
                    .map(p -> p.name().replaceFirst("transformer\\.h\\.\\d+\\.(.*)\\.lora_[AB]\\.weight", "$1"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void unknownTarget() {
        var settings = new AdapterSettings(2, 4, 0, List.of("q_proj", "query"), false);
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel base = TestModels.spread(TestModels.tiny(Family.LLAMA), Set.of(), kernels)) {
            assertThatThrownBy(() -> TestModels.adapted(base, Set.of(), settings))
                    .hasMessage("adapter targets [query] are not modules of a llama model; it has "
                            + "[down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj],"
                            + " and [all-linear] means all of them");
        }
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Computing activations again changes no bit of a gradient")
    void recomputed(Kernels kernels) {
        var recompute = new ModelOptions(Optional.empty(), ModelOptions.PLAIN.frozenFormat(), true, false, 0);
        try (kernels;
                LanguageModel kept = TestModels.spread(TestModels.tiny(Family.QWEN3), Set.of(), kernels);
                LanguageModel again = kept.copy(Role.POLICY)) {
            again.prepare(recompute);
            double[] weights =
                    new Random(6).doubles(BATCH.layout().tokens(), -1, 1).toArray();
            for (LanguageModel model : List.of(kept, again)) {
                model.forward(BATCH, Set.of(LOG_PROB), 1).backward(Map.of(LOG_PROB, weights));
            }
            for (int i = 0; i < kept.parameters().size(); i++) {
                Parameter p = kept.parameters().get(i);
                for (int r = 0; r < p.value().rows(); r++) {
                    assertThat(row(again.parameters().get(i), r, kernels))
                            .as(p.name())
                            .containsExactly(row(p, r, kernels));
                }
            }
            assertThat(again.bytesByRole().get("policy_activations"))
                    .isLessThan(kept.bytesByRole().get("policy_activations"));
        }
    }

    private static double[] row(Parameter p, int row, Kernels kernels) {
        double[] numbers = new double[p.value().columns()];
        kernels.readRow(p.gradient(), row, numbers);
        return numbers;
    }

    @Test
    @DisplayName("Frozen layers and embeddings have no gradient and do not move")
    void frozen() {
        var options = new ModelOptions(Optional.empty(), ModelOptions.PLAIN.frozenFormat(), false, true, 1);
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = TestModels.spread(TestModels.tiny(Family.GPT2), Set.of(), kernels)) {
            model.prepare(options);
            double[] weights = new double[BATCH.layout().tokens()];
            Arrays.fill(weights, 1);
            model.forward(BATCH, Set.of(LOG_PROB), 1).backward(Map.of(LOG_PROB, weights));
            assertThat(model.parameters())
                    .filteredOn(p -> !p.hasGradient())
                    .allMatch(p -> p.name().matches("transformer\\.(wte|wpe|h\\.0)\\..*"))
                    .hasSize(2 + 12);
        }
    }
}
