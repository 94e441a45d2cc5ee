// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.api.model.Role;
import org.sextant.api.output.Head;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.files.ElementType;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.files.SafetensorsFile;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.text.CharacterTokenizer;
import org.sextant.models.transformer.Parameter;
import org.sextant.models.transformer.TransformerConfig;

@DisplayName("Models that are made, saved, loaded and copied")
class SavedModelTest {
    @TempDir
    Path directory;

    private static LanguageModel fresh(long seed, Kernels kernels) {
        return LanguageModel.fresh(
                TestModels.tiny(false), Set.of(Head.VALUE), kernels, new Streams(seed).open(StreamKey.of("init")));
    }

    @ParameterizedTest
    @MethodSource("org.sextant.models.TestModels#kernels")
    @DisplayName("Saved and loaded, a model has the same bits, config and heads; saved again, the same bytes")
    void round_trip(Kernels kernels) {
        try (kernels;
                LanguageModel model = fresh(1, kernels)) {
            model.save(directory.resolve("a"));
            try (LanguageModel loaded = LanguageModel.load(directory.resolve("a"), kernels, Role.REFERENCE)) {
                assertThat(loaded.contentHash()).isEqualTo(model.contentHash());
                assertThat(loaded.config()).isEqualTo(model.config());
                assertThat(loaded.view().samePolicy(model.view())).isTrue();
                assertThat(loaded.view().heads()).containsExactly(Head.VALUE);
                loaded.save(directory.resolve("b"));
            }
            for (String file : List.of("model.safetensors", "config.json")) {
                assertThat(directory.resolve("a").resolve(file))
                        .hasSameBinaryContentAs(directory.resolve("b").resolve(file));
            }
        }
    }

    @Test
    @DisplayName("Saving what transformers saved gives its bytes again, and the hash does not depend on the kernels")
    void golden_bytes() {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        try (Kernels vector = KernelsChoice.VECTOR.open(1);
                Kernels reference = new ReferenceKernels();
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), vector, Role.POLICY);
                LanguageModel same = LanguageModel.load(GoldenLlama.directory(), reference, Role.POLICY)) {
            model.save(directory);
            assertThat(directory.resolve("model.safetensors"))
                    .hasSameBinaryContentAs(GoldenLlama.directory().resolve("model.safetensors"));
            assertThat(model.contentHash()).isEqualTo(same.contentHash());
        }
    }

    @Test
    @DisplayName("Saved as BF16, numbers are those that PyTorch rounds to")
    void golden_bf16() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            model.save(directory, new SaveFormat(ElementType.BF16, SaveFormat.DEFAULT_SHARD_BYTES));
            assertThat(directory.resolve("model.safetensors"))
                    .hasSameBinaryContentAs(GoldenLlama.directory().resolve("model.bf16.safetensors"));
        }
    }

    @Test
    @DisplayName("A model in several files keeps its config and its tokenizer, and loads as it would from one file")
    void shards() throws IOException {
        Path from = directory.resolve("from");
        Path to = directory.resolve("to");
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel golden = LanguageModel.load(GoldenLlama.directory(), kernels, Role.POLICY)) {
            golden.save(from, SaveFormat.exact(kernels));
            Files.writeString(from.resolve("tokenizer.json"), "{}");
            Files.writeString(
                    from.resolve("config.json"),
                    Files.readString(GoldenLlama.directory().resolve("config.json")));
            try (LanguageModel model = LanguageModel.load(from, kernels, Role.POLICY)) {
                model.save(to, new SaveFormat(ElementType.F32, 20_000));
            }
            try (LanguageModel model = LanguageModel.load(to, kernels, Role.POLICY)) {
                assertThat(model.contentHash()).isEqualTo(golden.contentHash());
            }
        }
        assertThat(to).isDirectoryContaining("glob:**/model-00002-of-0000?.safetensors");
        assertThat(to.resolve("model.safetensors")).doesNotExist();
        assertThat(to.resolve("tokenizer.json")).hasContent("{}");
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(to.resolve("config.json").toFile()))
                .isEqualTo(json.readTree(
                        GoldenLlama.directory().resolve("config.json").toFile()));
    }

    @Test
    @DisplayName("File names and shapes are those of transformers, fused tensors apart")
    void names() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = fresh(1, kernels)) {
            model.save(directory);
            try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"));
                    SafetensorsFile golden =
                            SafetensorsFile.open(GoldenLlama.directory().resolve("model.safetensors"))) {
                Set<String> expected = new TreeSet<>(golden.tensors().keySet());
                expected.add("value_head.weight");
                assertThat(file.tensors().keySet()).isEqualTo(expected);
                assertThat(file.tensors()
                                .get("model.layers.1.self_attn.q_proj.weight")
                                .shape())
                        .containsExactly(24L, 8L);
                assertThat(file.tensors()
                                .get("model.layers.1.self_attn.v_proj.weight")
                                .shape())
                        .containsExactly(12L, 8L);
                assertThat(file.tensors()
                                .get("model.layers.1.mlp.up_proj.weight")
                                .shape())
                        .containsExactly(10L, 8L);
                assertThat(file.tensors().get("model.norm.weight").shape()).containsExactly(8L);
                assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            }
        }
    }

    @Test
    @DisplayName("Fresh weights: spread 0.02, residual projections 0.02 / √(2·layers), norms 1, the seed decides")
    void fresh() {
        TransformerConfig config =
                TransformerConfig.llama(50, 64, 2, 4, 4, 16, 128, 64, 1e4, 1e-5, true, List.of(), OptionalInt.empty());
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model =
                        LanguageModel.fresh(config, Set.of(), kernels, new Streams(1).open(StreamKey.of("x")));
                LanguageModel same =
                        LanguageModel.fresh(config, Set.of(), kernels, new Streams(1).open(StreamKey.of("x")));
                LanguageModel other =
                        LanguageModel.fresh(config, Set.of(), kernels, new Streams(2).open(StreamKey.of("x")))) {
            assertThat(same.contentHash()).isEqualTo(model.contentHash()).isNotEqualTo(other.contentHash());
            assertThat(model.parameters().stream()
                            .mapToLong(p -> p.value().size())
                            .sum())
                    .isEqualTo(config.parameterCount());
            for (Parameter p : model.parameters()) {
                Tensor w = p.value();
                double spread = Math.sqrt(kernels.sumOfSquares(w) / w.size());
                double expected = !p.decays() ? 1 : p.name().matches(".*(o_proj|down_proj).*") ? 0.01 : 0.02;
                assertThat(spread).as(p.name()).isBetween(expected * 0.95, expected * 1.05);
            }
        }
    }

    @Test
    @DisplayName("As many parameters as transformers counts")
    void parameter_count() {
        assertThat(ModelConfigFile.read(GoldenLlama.directory()).parameterCount())
                .isEqualTo(GoldenLlama.all().get("parameter_count").longValue());
    }

    @Test
    @DisplayName("A copy has weights of its own, and heads that it alone has begin at zero")
    void copies() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = fresh(1, kernels);
                LanguageModel reference = model.copy(Role.REFERENCE);
                LanguageModel reward = model.copy(Role.REWARD, EnumSet.of(Head.SCORE))) {
            assertThat(reference.contentHash()).isEqualTo(model.contentHash());
            assertThat(reference.role()).isEqualTo(Role.REFERENCE);
            assertThat(reward.view().samePolicy(model.view())).isTrue();
            assertThat(reward.transformer().heads()).containsExactly(Head.SCORE);
            assertThat(kernels.sumOfSquares(reward.parameters().getLast().value()))
                    .isZero();
            String before = reference.contentHash();
            kernels.set(model.parameters().getFirst().value(), 0, 0, 5);
            assertThat(reference.contentHash()).isEqualTo(before).isNotEqualTo(model.contentHash());
        }
    }

    @Test
    void files_that_do_not_fit_their_config() throws IOException {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = fresh(1, kernels)) {
            model.save(directory);
            Path config = directory.resolve("config.json");
            String good = Files.readString(config);
            assertRefused(
                    kernels,
                    config,
                    good.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"),
                    "does not fit the model: it lacks model.layers.2.input_layernorm.weight,"
                            + " model.layers.2.mlp.down_proj.weight");
            assertRefused(
                    kernels,
                    config,
                    good.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"),
                    "the model has no model.layers.1.input_layernorm.weight");
            assertRefused(
                    kernels,
                    config,
                    good.replace("\"intermediate_size\": 10", "\"intermediate_size\": 12"),
                    "model.layers.0.mlp.gate_proj.weight has shape [10, 8], the model needs [12, 8]");
            assertRefused(
                    kernels,
                    config,
                    good.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true"),
                    "lm_head.weight is tied to model.embed_tokens.weight, but they differ");
            Files.writeString(config, good);
            Files.delete(directory.resolve("model.safetensors"));
            assertThatThrownBy(() -> LanguageModel.load(directory, kernels, Role.POLICY))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("model.safetensors: there is no such file");
            assertThat(kernels.memory().stream().mapToLong(use -> use.bytes()).sum())
                    .isEqualTo(model.bytesByRole().get("policy"));
        }
    }

    private void assertRefused(Kernels kernels, Path config, String text, String message) throws IOException {
        Files.writeString(config, text);
        assertThatThrownBy(() -> LanguageModel.load(directory, kernels, Role.POLICY))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_tokenizer_that_does_not_fit() {
        try (Kernels kernels = new ReferenceKernels();
                LanguageModel model = fresh(1, kernels)) {
            model.requireFits(CharacterTokenizer.of("0123456789"));
            model.requireFits(CharacterTokenizer.of("01234"));
            assertThatThrownBy(() -> model.requireFits(CharacterTokenizer.of("0123456789+")))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("the tokenizer has 12 ids, the model has 11");
        }
    }
}
