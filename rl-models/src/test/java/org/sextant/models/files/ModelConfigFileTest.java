// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.transformer.Biases;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.Positions;
import org.sextant.models.transformer.TransformerConfig;

/** The configs under {@code configs/} are those of published models, see the note there. */
@DisplayName("config.json of the four families")
class ModelConfigFileTest {
    @TempDir
    Path directory;

    private Path config(String json) throws IOException {
        return Files.writeString(directory.resolve("config.json"), json);
    }

    static String resource(String name) throws IOException {
        try (InputStream in = ModelConfigFileTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes());
        }
    }

    private TransformerConfig read(String resource) throws IOException {
        config(resource(resource));
        return ModelConfigFile.read(directory);
    }

    private TransformerConfig with(String resource, String from, String to) throws IOException {
        String json = resource(resource);
        assertThat(json).contains(from);
        config(json.replace(from, to));
        return ModelConfigFile.read(directory);
    }

    @Test
    void gpt2() throws IOException {
        assertThat(read("/configs/gpt2.json"))
                .isEqualTo(new TransformerConfig(
                        Family.GPT2,
                        50257,
                        768,
                        12,
                        12,
                        12,
                        64,
                        3072,
                        1024,
                        new Positions.Learned(),
                        1e-5,
                        Biases.ALL,
                        true,
                        List.of(50256),
                        OptionalInt.of(50256)));
    }

    @Test
    @DisplayName("Llama 3.2: llama3 scaling, tied, several ids in generation_config.json")
    void llama() throws IOException {
        Files.writeString(
                directory.resolve("generation_config.json"),
                "{\"bos_token_id\":128000,\"eos_token_id\":[128001,128008,128009],\"temperature\":0.6}");
        assertThat(read("/configs/llama-3.2-1b.json"))
                .isEqualTo(new TransformerConfig(
                        Family.LLAMA,
                        128256,
                        2048,
                        16,
                        32,
                        8,
                        64,
                        8192,
                        131072,
                        new Positions.Rotary(500_000, new Positions.Llama3(32, 1, 4, 8192)),
                        1e-5,
                        Biases.NONE,
                        true,
                        List.of(128001, 128008, 128009),
                        OptionalInt.of(128000)));
    }

    @Test
    void qwen2() throws IOException {
        assertThat(read("/configs/qwen2.5-0.5b.json"))
                .isEqualTo(new TransformerConfig(
                        Family.QWEN2,
                        151936,
                        896,
                        24,
                        14,
                        2,
                        64,
                        4864,
                        32768,
                        Positions.rotary(1_000_000),
                        1e-6,
                        Biases.QKV,
                        true,
                        List.of(151643),
                        OptionalInt.of(151643)));
    }

    @Test
    @DisplayName("Qwen3: head_dim is not hidden_size / heads")
    void qwen3() throws IOException {
        assertThat(read("/configs/qwen3-0.6b.json"))
                .isEqualTo(new TransformerConfig(
                        Family.QWEN3,
                        151936,
                        1024,
                        28,
                        16,
                        8,
                        128,
                        3072,
                        40960,
                        Positions.rotary(1_000_000),
                        1e-6,
                        Biases.NONE,
                        true,
                        List.of(151645),
                        OptionalInt.of(151643)));
    }

    @Test
    @DisplayName("Absent keys have the defaults of transformers")
    void defaults() throws IOException {
        config("{\"model_type\":\"llama\",\"vocab_size\":20,\"hidden_size\":12,\"intermediate_size\":24,"
                + "\"num_hidden_layers\":2,\"num_attention_heads\":3}");
        assertThat(ModelConfigFile.read(directory))
                .isEqualTo(TransformerConfig.llama(
                        20, 12, 2, 3, 3, 4, 24, 2048, 10_000, 1e-6, false, List.of(), OptionalInt.empty()));
        config(
                "{\"model_type\":\"gpt2\",\"vocab_size\":20,\"n_embd\":12,\"n_layer\":2,\"n_head\":3,\"n_positions\":8}");
        TransformerConfig gpt2 = ModelConfigFile.read(directory);
        assertThat(gpt2.intermediate()).isEqualTo(48);
        assertThat(gpt2.normEpsilon()).isEqualTo(1e-5);
        assertThat(gpt2.tied()).isTrue();
        config("{\"model_type\":\"qwen3\",\"vocab_size\":20,\"hidden_size\":12,\"intermediate_size\":24,"
                + "\"num_hidden_layers\":2,\"num_attention_heads\":4,\"num_key_value_heads\":2}");
        TransformerConfig qwen3 = ModelConfigFile.read(directory);
        assertThat(qwen3.headSize()).isEqualTo(128);
        assertThat(qwen3.context()).isEqualTo(32_768);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"rope_theta\": 500000.0 | \"rope_parameters\": {\"rope_theta\": 500000.0, \"rope_type\": \"llama3\","
                        + " \"factor\": 32.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
                        + " \"original_max_position_embeddings\": 8192}",
                "\"rope_type\": \"llama3\" | \"type\": \"llama3\"",
            })
    @DisplayName("Rotary positions as newer and older versions of transformers write them")
    void rope_spellings(String from, String to) throws IOException {
        TransformerConfig config = with("/configs/llama-3.2-1b.json", from, to);
        assertThat(config.positions()).isEqualTo(new Positions.Rotary(500_000, new Positions.Llama3(32, 1, 4, 8192)));
    }

    @Test
    void biases() throws IOException {
        String llama = "/configs/llama-3.2-1b.json";
        assertThat(with(llama, "\"attention_bias\": false", "\"attention_bias\": true")
                        .biases())
                .isEqualTo(new Biases(true, true, false));
        assertThat(with(llama, "\"mlp_bias\": false", "\"mlp_bias\": true").biases())
                .isEqualTo(new Biases(false, false, true));
        assertThat(with("/configs/qwen3-0.6b.json", "\"attention_bias\": false", "\"attention_bias\": true")
                        .biases())
                .isEqualTo(new Biases(true, true, false));
    }

    @Test
    @DisplayName("An id that generation_config.json has too many is blamed on that file")
    void ends_of_the_other_file() throws IOException {
        Path other = Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\": [1, 200000]}");
        assertThatThrownBy(() -> read("/configs/llama-3.2-1b.json"))
                .isInstanceOf(ModelFileException.class)
                .hasMessage(other + ": eos_token_id is 200000; supported is ids of the vocabulary, 0 to 128255");
    }

    @Test
    void missing_or_not_json() throws IOException {
        assertThatThrownBy(() -> ModelConfigFile.read(directory.resolve("none")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("there is no such file");
        for (String text : List.of("model = llama", "", "[]", "{} {}", "{\"a\":1e}", "[".repeat(5000))) {
            config(text);
            assertThatThrownBy(() -> ModelConfigFile.read(directory))
                    .as(text)
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("config.json is damaged: ")
                    .hasMessageContaining(" JSON");
        }
        Files.write(directory.resolve("config.json"), "{\"é\":1}".getBytes("ISO-8859-1"));
        assertThatThrownBy(() -> ModelConfigFile.read(directory)).hasMessageContaining("not encoded in UTF-8");
        Files.write(directory.resolve("config.json"), new byte[5 << 20]);
        assertThatThrownBy(() -> ModelConfigFile.read(directory)).hasMessageContaining("has more than 4194304 bytes");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("What is written is read back, whatever the type of the weights")
    void round_trip(Family family) {
        boolean gpt2 = family == Family.GPT2;
        Biases biases = gpt2 ? Biases.ALL : family == Family.QWEN2 ? Biases.QKV : new Biases(true, true, false);
        TransformerConfig config = new TransformerConfig(
                family,
                20,
                gpt2 ? 24 : 12,
                2,
                4,
                gpt2 ? 4 : 2,
                6,
                50,
                128,
                gpt2 ? new Positions.Learned() : new Positions.Rotary(5e5, new Positions.Llama3(8, 1, 4, 64)),
                1e-6,
                biases,
                false,
                List.of(2, 7),
                OptionalInt.of(1));
        for (ElementType type : List.of(ElementType.F32, ElementType.BF16)) {
            ModelConfigFile.write(directory, config, type);
            assertThat(ModelConfigFile.read(directory)).isEqualTo(config);
        }
        assertThat(directory.resolve("config.json"))
                .content()
                .contains("\"torch_dtype\": \"bfloat16\"")
                .contains("\"architectures\": [\n    \"" + family.architecture() + "\"\n  ]");
    }

    @Test
    @DisplayName("What would be read back as another model is not written")
    void not_readable() {
        TransformerConfig config = new TransformerConfig(
                Family.QWEN2,
                20,
                24,
                2,
                4,
                2,
                6,
                50,
                128,
                Positions.rotary(1e4),
                1e-6,
                Biases.NONE,
                false,
                List.of(),
                OptionalInt.empty());
        assertThatThrownBy(() -> ModelConfigFile.write(directory, config, ElementType.F32))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("qwen2 has no keys for")
                .hasMessageContaining("config.json");
        assertThat(directory).isEmptyDirectory();
    }

    /** All but the version, which is not ours to claim. */
    private static Set<String> fields(String json) throws IOException {
        Set<String> names = new TreeSet<>();
        JsonNode root = new ObjectMapper().readTree(json);
        root.fieldNames().forEachRemaining(names::add);
        names.remove("transformers_version");
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    @DisplayName("A config written anew has the fields that transformers writes")
    void fields_of_transformers(String golden) throws IOException {
        String json = resource("/golden/" + golden + "/config.json");
        config(json);
        TransformerConfig config = ModelConfigFile.read(directory);
        ModelConfigFile.write(directory, config, ElementType.F32);
        assertThat(fields(Files.readString(directory.resolve("config.json")))).isEqualTo(fields(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama-3.2-1b", "qwen2.5-0.5b", "qwen3-0.6b"})
    @DisplayName("A loaded config is written as it was but for the type of the weights; one that has changed is written"
            + " anew")
    void kept(String name) throws IOException {
        String json = resource("/configs/" + name + ".json");
        config(json);
        KeptFiles kept = KeptFiles.of(directory);
        TransformerConfig config = ModelConfigFile.read(directory);
        Path to = directory.resolve("to");
        ModelConfigFile.write(to, config, ElementType.F16, kept);
        JsonNode written = new ObjectMapper().readTree(Files.readString(to.resolve("config.json")));
        JsonNode expected = new ObjectMapper().readTree(json);
        assertThat(written.get("torch_dtype").textValue()).isEqualTo("float16");
        ((ObjectNode) expected).put("torch_dtype", "float16");
        assertThat(written).isEqualTo(expected);
        TransformerConfig other = new TransformerConfig(
                config.family(),
                config.vocabulary() + 8,
                config.hidden(),
                config.layers(),
                config.heads(),
                config.keyValueHeads(),
                config.headSize(),
                config.intermediate(),
                config.context(),
                config.positions(),
                config.normEpsilon(),
                config.biases(),
                config.tied(),
                config.eos(),
                config.bos());
        ModelConfigFile.write(to, other, ElementType.F16, kept);
        assertThat(ModelConfigFile.read(to)).isEqualTo(other);
    }
}
