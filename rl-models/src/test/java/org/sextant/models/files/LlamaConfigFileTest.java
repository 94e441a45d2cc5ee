// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.transformer.TransformerConfig;

@DisplayName("config.json of a Llama model")
class LlamaConfigFileTest {
    private static final String LEAST =
            "\"vocab_size\":20,\"hidden_size\":12,\"intermediate_size\":24,\"num_hidden_layers\":2,\"num_attention_heads\":3";

    @TempDir
    Path directory;

    private Path config(String json) throws IOException {
        return Files.writeString(directory.resolve("config.json"), json);
    }

    @Test
    @DisplayName("Absent keys have the defaults of transformers' LlamaConfig")
    void defaults() throws IOException {
        assertThat(LlamaConfigFile.read(config("{" + LEAST + "}")))
                .isEqualTo(new TransformerConfig(
                        20, 12, 2, 3, 3, 4, 24, 2048, 10_000, 1e-6, false, List.of(), OptionalInt.empty()));
    }

    @Test
    void round_trip() {
        TransformerConfig config =
                new TransformerConfig(20, 12, 2, 4, 2, 6, 24, 128, 5e5, 1e-5, true, List.of(2, 7), OptionalInt.of(1));
        Path file = directory.resolve("sub/config.json");
        LlamaConfigFile.write(file, config, ElementType.F32);
        assertThat(LlamaConfigFile.read(file)).isEqualTo(config);
        assertThat(file).content().contains("\"torch_dtype\": \"float32\"").contains("\"eos_token_id\": [ 2, 7 ]");
    }

    @Test
    @DisplayName("Rotary parameters where newer versions of transformers put them")
    void newer_rope() throws IOException {
        String json = "{" + LEAST + ",\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":500000.0}}";
        assertThat(LlamaConfigFile.read(config(json)).ropeTheta()).isEqualTo(500_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"model_type\":\"gpt2\" | model_type is \"gpt2\"; supported is \"llama\"",
                "\"architectures\":[\"GPT2LMHeadModel\"] | architectures is \"GPT2LMHeadModel\"",
                "\"hidden_act\":\"gelu\" | hidden_act is \"gelu\"; supported is \"silu\"",
                "\"attention_bias\":true | attention_bias is true",
                "\"mlp_bias\":true | mlp_bias is true",
                "\"mlp_bias\":\"no\" | mlp_bias is \"no\"",
                "\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8.0} | rope_scaling is"
                        + " {\"rope_type\":\"llama3\",\"factor\":8.0}",
                "\"rope_scaling\":{\"type\":\"linear\",\"factor\":8.0} | rope_scaling is",
                "\"quantization_config\":{\"bits\":4} | quantization_config",
                "\"num_key_value_heads\":2 | 3 heads cannot be shared by 2 key/value heads",
                "\"head_dim\":5 | head size is 5",
                "\"max_position_embeddings\":0 | context is 0",
                "\"rms_norm_eps\":\"small\" | rms_norm_eps is \"small\"; supported is a number",
                "\"num_key_value_heads\":1.5 | num_key_value_heads is 1.5; supported is a whole number",
                "\"eos_token_id\":20 | eos id is 20, but the vocabulary has ids 0 to 19",
                "\"eos_token_id\":\"</s>\" | eos_token_id is \"</s>\"",
                "\"vocab_size\":3 | Duplicate field 'vocab_size'",
            })
    @DisplayName("What is not built here is refused by name")
    void refused(String key, String message) throws IOException {
        Path file = config("{" + LEAST + "," + key + "}");
        assertThatThrownBy(() -> LlamaConfigFile.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void missing_or_not_json() throws IOException {
        assertThatThrownBy(() -> LlamaConfigFile.read(directory.resolve("none.json")))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> LlamaConfigFile.read(config("model = llama"))).hasMessageContaining("is not JSON");
        assertThatThrownBy(() -> LlamaConfigFile.read(config("[]"))).hasMessageContaining("is not a JSON object");
        assertThatThrownBy(() -> LlamaConfigFile.read(config("{}"))).hasMessageContaining("lacks hidden_size");
    }
}
