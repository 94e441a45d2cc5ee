// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.transformer.TransformerConfig;

/** Configs of published models with one thing changed that is damaged, or that is not built. */
@DisplayName("config.json that is refused")
class RefusedConfigTest {
    @TempDir
    Path directory;

    private TransformerConfig with(String resource, String from, String to) throws IOException {
        String json = ModelConfigFileTest.resource(resource);
        assertThat(json).contains(from);
        Files.writeString(directory.resolve("config.json"), json.replace(from, to));
        return ModelConfigFile.read(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "llama-3.2-1b | \"model_type\": \"llama\" | \"model_type\": \"mistral\" | model_type is mistral;"
                        + " supported is llama, qwen2, qwen3, gpt2",
                "llama-3.2-1b | \"model_type\": \"llama\" | \"model_type\": 7 | model_type is 7; supported is a text",
                "llama-3.2-1b | \"model_type\" | \"kind\" | lacks model_type",
                "llama-3.2-1b | LlamaForCausalLM | LlamaModel | architectures is LlamaModel; supported is"
                        + " LlamaForCausalLM",
                "llama-3.2-1b | \"silu\" | \"gelu\" | hidden_act is \"gelu\"; supported is \"silu\"",
                "llama-3.2-1b | \"mlp_bias\": false | \"mlp_bias\": \"no\" | mlp_bias is \"no\"; supported is true or"
                        + " false",
                "llama-3.2-1b | \"rope_type\": \"llama3\" | \"rope_type\": \"yarn\" | rope_scaling.rope_type is yarn;"
                        + " supported is default, llama3",
                "llama-3.2-1b | \"low_freq_factor\": 1.0 | \"low\": 1.0 | rope_scaling.low is 1.0; supported is none",
                "llama-3.2-1b | \"low_freq_factor\": 1.0 | \"low_freq_factor\": 5.0 |"
                        + " rope_scaling.high_freq_factor is 4.0; supported is more than low_freq_factor = 5.0",
                "llama-3.2-1b | \"rope_type\": \"llama3\" | \"rope_type\": \"default\" | rope_scaling.factor is 32.0",
                "llama-3.2-1b | \"pretraining_tp\": 1 | \"rope_parameters\": {\"rope_type\": \"default\"} |"
                        + " rope_scaling is given",
                "llama-3.2-1b | \"pretraining_tp\": 1 | \"rope_parameters\": {\"full_attention\": {}} |"
                        + " rope_parameters.full_attention is {}",
                "llama-3.2-1b | \"pretraining_tp\": 1 | \"partial_rotary_factor\": 0.5 | partial_rotary_factor is 0.5",
                "llama-3.2-1b | \"pretraining_tp\": 1 | \"quantization_config\": {\"bits\": 4} | quantization_config",
                "llama-3.2-1b | \"pretraining_tp\": 1 | \"add_cross_attention\": true | add_cross_attention is true",
                "llama-3.2-1b | \"pretraining_tp\": 1 | \"pruned_heads\": {\"0\": [1]} | pruned_heads is {\"0\":[1]}",
                "llama-3.2-1b | \"num_key_value_heads\": 8 | \"num_key_value_heads\": 5 | num_key_value_heads is 5;"
                        + " supported is a divisor of num_attention_heads = 32",
                "llama-3.2-1b | \"num_key_value_heads\": 8 | \"num_key_value_heads\": 8.5 | num_key_value_heads is 8.5;"
                        + " supported is a whole number",
                "llama-3.2-1b | \"head_dim\": 64 | \"head_dim\": 63 | head_dim is 63; supported is an even number",
                "llama-3.2-1b | \"head_dim\": 64 | \"head_dim\": 2000000 | head_dim is 2000000; supported is a whole number"
                        + " from 1 to 349525",
                "llama-3.2-1b | \"hidden_size\": 2048 | \"hidden_size\": 2147483647 | hidden_size is 2147483647;"
                        + " supported is a whole number from 1 to 2097152",
                "llama-3.2-1b | \"num_hidden_layers\": 16 | \"num_hidden_layers\": -1 | num_hidden_layers is -1;"
                        + " supported is a whole number from 1 to 4096",
                "llama-3.2-1b | 131072 | 0 | max_position_embeddings is 0; supported is a whole number from 1 to 16777216",
                "llama-3.2-1b | \"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": \"small\" | rms_norm_eps is \"small\";"
                        + " supported is a number",
                "llama-3.2-1b | \"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": 1e400 | rms_norm_eps is \"Infinity\";"
                        + " supported is a number",
                "llama-3.2-1b | \"eos_token_id\": 128001 | \"eos_token_id\": 128256 | eos_token_id is 128256;"
                        + " supported is ids of the vocabulary, 0 to 128255",
                "llama-3.2-1b | \"eos_token_id\": 128001 | \"eos_token_id\": [\"</s>\"] | eos_token_id is \"</s>\"",
                "llama-3.2-1b | \"vocab_size\": 128256 | \"vocab_size\": 5, \"vocab_size\": 6 | Duplicate field"
                        + " 'vocab_size'",
                "llama-3.2-1b | \"bos_token_id\": 128000 | \"bos_token_id\": -1 | bos_token_id is -1; supported is ids",
                "llama-3.2-1b | \"hidden_size\": 2048 | \"hidden_size\": 0 | hidden_size is 0; supported is a whole",
                "llama-3.2-1b | \"vocab_size\": 128256 | \"vocab_size\": -5 | vocab_size is -5; supported is a whole",
                "llama-3.2-1b | \"rms_norm_eps\": 1e-05 | \"rms_norm_eps\": 0 | rms_norm_eps is 0.0; supported is a"
                        + " number above 0",
                "llama-3.2-1b | 500000.0 | -1 | rope_theta is -1.0; supported is a number above 0",
                "llama-3.2-1b | \"factor\": 32.0 | \"factor\": 0 | rope_scaling.factor is 0.0; supported is a number",
                "gpt2 | \"n_layer\": 12 | \"n_layer\": 5000 | n_layer is 5000; supported is a whole number from 1 to"
                        + " 4096",
                "gpt2 | \"layer_norm_epsilon\": 1e-05 | \"layer_norm_epsilon\": -1 | layer_norm_epsilon is -1.0",
                "qwen2.5-0.5b | \"num_attention_heads\": 14 | \"num_attention_heads\": 128 | num_attention_heads is"
                        + " 128; supported is a divisor of hidden_size = 896 that leaves heads of even size",
                "qwen2.5-0.5b | \"use_sliding_window\": false | \"use_sliding_window\": true | use_sliding_window is"
                        + " true",
                "qwen2.5-0.5b | \"use_mrope\": false | \"layer_types\": [\"full_attention\", \"sliding_attention\"] |"
                        + " layer_types is sliding_attention; supported is full_attention",
                "qwen2.5-0.5b | \"num_key_value_heads\": 2, | | lacks num_key_value_heads",
                "qwen2.5-0.5b | \"num_attention_heads\": 14 | \"num_attention_heads\": 10 | num_attention_heads is 10;"
                        + " supported is a divisor of hidden_size = 896",
                "gpt2 | \"n_head\": 12 | \"n_head\": 11 | n_head is 11; supported is a divisor of n_embd = 768",
                "gpt2 | gelu_new | gelu | activation_function is \"gelu\"; supported is \"gelu_new\"",
                "gpt2 | \"n_ctx\": 1024 | \"scale_attn_by_inverse_layer_idx\": true | scale_attn_by_inverse_layer_idx"
                        + " is true",
                "gpt2 | \"n_ctx\": 1024 | \"reorder_and_upcast_attn\": true | reorder_and_upcast_attn is true",
                "gpt2 | \"n_ctx\": 1024 | \"scale_attn_weights\": false | scale_attn_weights is false; supported is"
                        + " true",
                "gpt2 | \"n_positions\": 1024 | \"n_pos\": 1024 | lacks n_positions",
            })
    @DisplayName("What is not built here is refused by name")
    void refused(String resource, String from, String to, String message) throws IOException {
        assertThatThrownBy(() -> with("/configs/" + resource + ".json", from, to == null ? "" : to))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(directory.resolve("config.json").toString())
                .hasMessageContaining(message);
    }
}
