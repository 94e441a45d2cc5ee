// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.model.Role;
import org.sextant.models.LanguageModel;
import org.sextant.models.files.ElementType;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.text.Tokenizers;
import org.sextant.models.transformer.TransformerConfig;

class RandomModelTest {
    private static final SaveFormat BF16 = new SaveFormat(ElementType.BF16, SaveFormat.DEFAULT_SHARD_BYTES);
    private static final String TINY =
            "{\"model_type\": \"qwen2\", \"vocab_size\": 70, \"hidden_size\": 8, \"num_hidden_layers\": 2,"
                    + " \"num_attention_heads\": 2, \"num_key_value_heads\": 1, \"intermediate_size\": 16,"
                    + " \"max_position_embeddings\": 32, \"tie_word_embeddings\": true, \"eos_token_id\": 69}";

    @TempDir
    Path directory;

    private final Kernels kernels = new ReferenceKernels();

    /** Numbers of weights that the model cards and the headers of the published files have. */
    @ParameterizedTest
    @CsvSource({"gpt2, 124439808", "llama-3.2-1b, 1235814400", "qwen2.5-0.5b, 494032768", "qwen3-0.6b, 596049920"})
    void shapesHaveAsManyWeightsAsThePublishedModels(String name, long weights) throws IOException {
        Files.writeString(
                directory.resolve("config.json"), PublishedShapes.config(name).toString());
        assertThat(ModelConfigFile.read(directory).parameterCount()).isEqualTo(weights);
        assertThat(Path.of("..", "conf", "models", name + ".conf")).exists();
    }

    @Test
    void everyShapeIsNamed() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/org/sextant/runner/shapes"))) {
            assertThat(files.map(f -> f.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(new TreeSet<>(PublishedShapes.NAMES));
        }
    }

    private RandomModel tiny(Optional<Path> tokenizer, long seed) throws IOException {
        Path shape = Files.writeString(directory.resolve("shape.json"), TINY);
        return new RandomModel(shape.toString(), tokenizer, "<end>", BF16, seed);
    }

    @Test
    void itLoadsAndTheSeedDecides() throws IOException {
        Path one = directory.resolve("one");
        TransformerConfig made = tiny(Optional.empty(), 1).write(one, kernels);
        tiny(Optional.empty(), 1).write(directory.resolve("same"), kernels);
        tiny(Optional.empty(), 2).write(directory.resolve("other"), kernels);
        try (LanguageModel model = LanguageModel.load(one, kernels, Role.POLICY)) {
            assertThat(model.config()).isEqualTo(made);
        }
        assertThat(one.resolve("model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("same/model.safetensors"))
                .hasSize(Files.size(directory.resolve("other/model.safetensors")));
        assertThat(Files.mismatch(one.resolve("model.safetensors"), directory.resolve("other/model.safetensors")))
                .isNotNegative();
        assertThat(Files.readString(one.resolve("config.json"))).contains("\"bfloat16\"");
        assertThatThrownBy(() -> tiny(Optional.empty(), 1).write(one, kernels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one is not an empty directory");
    }

    @Test
    void itGetsATokenizerThatMayHaveFewerIds() throws IOException {
        Path from = Files.createDirectory(directory.resolve("tokenizer"));
        Files.writeString(
                from.resolve("tokenizer.json"),
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"<end>\": 2}, \"merges\": []},"
                        + " \"decoder\": {\"type\": \"Fuse\"}}");
        Path made = directory.resolve("made");
        TransformerConfig config = tiny(Optional.of(from), 1).write(made, kernels);
        assertThat(config.eos()).containsExactly(2);
        assertThat(config.vocabulary()).isEqualTo(70);
        assertThat(Tokenizers.read(made).eosIds()).containsExactly(2);
        assertThat(Tokenizers.read(made).encode("abba")).containsExactly(0, 1, 1, 0);
    }

    @Test
    void whatFailsLeavesNothingAndCanBeTriedAgain() throws IOException {
        Path from = Files.createDirectory(directory.resolve("tokenizer"));
        Files.writeString(
                from.resolve("tokenizer.json"),
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"<end>\": 2}, \"merges\": []},"
                        + " \"decoder\": {\"type\": \"Fuse\"}}");
        Path made = directory.resolve("made");
        RandomModel right = tiny(Optional.of(from), 1);
        RandomModel noSuchEnd = new RandomModel(right.shape(), right.tokenizer(), "nope", BF16, 1);
        assertThatThrownBy(() -> noSuchEnd.write(made, kernels))
                .hasMessage(made.resolve("tokenizer_config.json")
                        + ": eos_token is \"nope\"; supported is a token of tokenizer.json");
        assertThat(made).doesNotExist();
        Files.createDirectory(made);
        Path small = Files.writeString(
                directory.resolve("small.json"), TINY.replace("70", "2").replace("69", "1"));
        RandomModel tooSmall = new RandomModel(small.toString(), right.tokenizer(), "<end>", BF16, 1);
        assertThatThrownBy(() -> tooSmall.write(made, kernels)).hasMessageContaining("eos_token_id is 2");
        assertThat(made).isEmptyDirectory();
        right.write(made, kernels);
        assertThat(made.toFile().list())
                .containsExactlyInAnyOrder(
                        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
    }

    @Test
    void whatIsNoShapeIsRefused() {
        RandomModel unknown = new RandomModel("qwen9", Optional.empty(), "", BF16, 1);
        assertThatThrownBy(() -> unknown.write(directory, kernels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'qwen9' is no shape: known are gpt2, llama-3.2-1b, qwen2.5-0.5b, qwen3-0.6b, and the path of a"
                                + " config.json");
        RandomModel noTokenizer = new RandomModel("gpt2", Optional.of(directory), "", BF16, 1);
        assertThatThrownBy(() -> noTokenizer.write(directory, kernels)).hasMessageContaining("has no tokenizer.json");
    }
}
