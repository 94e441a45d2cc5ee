// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Family;

@DisplayName("adapter_config.json")
class AdapterConfigFileTest {
    private static final AdapterSettings SETTINGS = new AdapterSettings(4, 8, 0, List.of("q_proj"), false);

    @TempDir
    Path directory;

    private AdapterConfigFile read(String more) throws IOException {
        Files.writeString(directory.resolve(AdapterConfigFile.NAME), """
            {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj"], "base_model_name_or_path": "base"%s}
            """.formatted(more));
        return AdapterConfigFile.read(directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"init_lora_weights\": true",
                ", \"init_lora_weights\": false",
                ", \"init_lora_weights\": \"gaussian\"",
                ", \"task_type\": null",
                ", \"task_type\": \"CAUSAL_LM\"",
                ", \"task_type\": \"SEQ_CLS\"",
                ", \"task_type\": \"SEQ_CLS\", \"modules_to_save\": [\"classifier\", \"score\"]",
                ", \"modules_to_save\": [\"score\"]"
            })
    void whatLeavesTheBaseAsItIs(String more) throws IOException {
        assertThat(read(more)).isEqualTo(config(more.contains("score") ? Set.of("score") : Set.of()));
    }

    private static AdapterConfigFile config(Set<String> heads) {
        return new AdapterConfigFile(SETTINGS, "base", new TreeSet<>(heads));
    }

    @Test
    @DisplayName("Targets are a list of names or all-linear; patterns and layers are not")
    void targets() throws IOException {
        Path file = directory.resolve(AdapterConfigFile.NAME);
        read("");
        String json = Files.readString(file);
        Files.writeString(file, json.replace("[\"q_proj\"]", "\"all-linear\""));
        AdapterConfigFile all = AdapterConfigFile.read(directory);
        assertThat(all.settings().targets()).isEqualTo(AdapterSettings.ALL_LINEAR);
        all.write(directory, Family.LLAMA);
        assertThat(Files.readString(file))
                .contains("\"target_modules\": \"all-linear\"")
                .contains("\"lora_alpha\": 8,");
        assertThat(AdapterConfigFile.read(directory)).isEqualTo(all);
        Files.writeString(file, json.replace("q_proj", "self_attn.q_proj"));
        assertThat(AdapterConfigFile.read(directory).settings().targets()).containsExactly("self_attn.q_proj");
        Files.writeString(file, json.replace("[\"q_proj\"]", "\".*q_proj\""));
        assertThatThrownBy(() -> AdapterConfigFile.read(directory))
                .hasMessage(file + ": target_modules is the pattern .*q_proj; supported is a list of module names,"
                        + " such as [\"q_proj\", \"v_proj\"], or \"all-linear\"; write out what it finds");
        Files.writeString(file, json.replace("q_proj", "model.layers.0.self_attn.q_proj"));
        assertThatThrownBy(() -> AdapterConfigFile.read(directory))
                .hasMessageContaining("target_modules is model.layers.0.self_attn.q_proj; supported is")
                .hasMessageEndingWith("adapters of single layers are not built");
    }

    @ParameterizedTest
    @CsvSource({"pissa", "pissa_niter_16", "loftq", "olora", "eva", "corda"})
    void anAdapterForChangedWeightsIsRefused(String init) {
        assertThatThrownBy(() -> read(", \"init_lora_weights\": \"" + init + "\""))
                .isInstanceOf(ModelFileException.class)
                .hasMessage(directory.resolve("adapter_config.json") + ": init_lora_weights is \"" + init
                        + "\"; supported is true, false, gaussian");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"r\": 4 | \"r\": 0 | r is 0; supported is a whole number from 1 to 16777216",
                "\"lora_alpha\": 8 | \"lora_alpha\": -1 | lora_alpha is -1.0; supported is a number above 0",
                "\"lora_alpha\": 8 | \"lora_dropout\": 1 | lora_dropout is 1.0; supported is a number from 0 to below 1",
                "[\"q_proj\"] | [] | target_modules is empty; supported is a list of module names",
                "\"base\" | \"a\\u0000b\" | base_model_name_or_path is a\\u0000b; supported is a directory, or a name",
                "\"base\" | 7 | base_model_name_or_path is 7; supported is a text",
            })
    void whatIsWrongIsSaidInTheKeysOfTheFile(String from, String to, String message) throws IOException {
        read("");
        Path file = directory.resolve(AdapterConfigFile.NAME);
        Files.writeString(file, Files.readString(file).replace(from, to));
        assertThatThrownBy(() -> AdapterConfigFile.read(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void otherTasksAndTheirHeadsAreRefused() {
        assertThatThrownBy(() -> read(", \"task_type\": \"TOKEN_CLS\""))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("task_type is \"TOKEN_CLS\"; supported is CAUSAL_LM, SEQ_CLS");
        assertThatThrownBy(() -> read(", \"modules_to_save\": [\"classifier\"]"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("modules_to_save is classifier; supported is [score, value_head]");
    }

    @Test
    @DisplayName("With a score head it is a classifier's, under the names that PEFT gives any classifier")
    void written() throws IOException {
        JsonNode classifier = written(Set.of("score"));
        assertThat(classifier.get("task_type").textValue()).isEqualTo("SEQ_CLS");
        assertThat(classifier.get("modules_to_save").toString()).isEqualTo("[\"classifier\",\"score\"]");
        JsonNode critic = written(Set.of("value_head"));
        assertThat(critic.get("task_type").textValue()).isEqualTo("CAUSAL_LM");
        assertThat(critic.get("modules_to_save").toString()).isEqualTo("[\"value_head\"]");
        assertThat(written(Set.of()).get("task_type").textValue()).isEqualTo("CAUSAL_LM");
    }

    private JsonNode written(Set<String> heads) throws IOException {
        AdapterConfigFile config = config(heads);
        config.write(directory, Family.LLAMA);
        assertThat(AdapterConfigFile.read(directory)).isEqualTo(config);
        return new ObjectMapper()
                .readTree(directory.resolve(AdapterConfigFile.NAME).toFile());
    }
}
