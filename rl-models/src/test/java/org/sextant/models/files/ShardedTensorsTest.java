// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Tensors in several files, and their index")
class ShardedTensorsTest {
    private static final String GOOD =
            "{\"metadata\":{\"total_size\":24,\"total_parameters\":6},\"weight_map\":{\"a\":\"m-1.safetensors\","
                    + "\"b\":\"m-2.safetensors\",\"c\":\"m-2.safetensors\"}}";

    @TempDir
    Path directory;

    @BeforeEach
    void shards() throws IOException {
        Safetensors.write(directory.resolve("m-1.safetensors"), Map.of("a", new float[] {1, 2}));
        Safetensors.write(
                directory.resolve("m-2.safetensors"), Map.of("b", new float[] {3, 4, 5}, "c", new float[] {6}));
    }

    private Path index(String json) throws IOException {
        return Files.writeString(directory.resolve("model.safetensors.index.json"), json);
    }

    @Test
    @DisplayName("Every tensor is found where the index says")
    void whole() throws IOException {
        index(GOOD);
        try (SavedTensors saved = WeightFiles.open(directory)) {
            assertThat(saved.tensors().keySet()).containsExactly("a", "b", "c");
            assertThat(saved.bytes(saved.tensors().get("b")).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 8))
                    .isEqualTo(5);
            assertThat(saved.bytes(saved.tensors().get("a")).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                    .isEqualTo(1);
            assertThat(saved.path()).hasFileName("model.safetensors.index.json");
        }
    }

    @Test
    @DisplayName("metadata need not be there")
    void no_metadata() throws IOException {
        index(GOOD.replaceFirst("\"metadata\":.*?},", ""));
        WeightFiles.open(directory).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "28", "\"24\"", "-24", "null", "{}"})
    @DisplayName("A sum that counts tied weights otherwise, or is none, is passed over: the files have the true sizes")
    void another_sum(String sum) throws IOException {
        index(GOOD.replace("\"total_size\":24", "\"total_size\":" + sum));
        try (SavedTensors saved = WeightFiles.open(directory)) {
            assertThat(saved.tensors()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"c\":\"m-2.safetensors\" | \"c\":\"m-1.safetensors\" | m-2.safetensors has 'c', which the index says"
                        + " is in m-1.safetensors",
                "\"c\":\"m-2.safetensors\" | \"d\":\"m-2.safetensors\" | m-2.safetensors has 'c', which the index does"
                        + " not mention",
                "\"c\":\"m-2.safetensors\" | \"c\":\"m-2.safetensors\",\"d\":\"m-1.safetensors\" | it says that 'd' is"
                        + " in m-1.safetensors, but that file does not have it",
                "\"c\":\"m-2.safetensors\" | \"c\":\"m-2.safetensors\",\"c\":\"m-2.safetensors\" | Duplicate field 'c'",
                "\"weight_map\" | \"weights\" | it has no weight_map",
                "{\"a\":\"m-1.safetensors\" | {\"a\":7 | 'a' is in 7; allowed is the plain name",
                "{\"a\" | [\"a\" | weight_map is a list, not an object of file names",
                "}} | }}} | not JSON: ",
                "}} | } | not JSON: Unexpected end-of-input",
            })
    @DisplayName("An index and files that do not tell the same are refused")
    void contradictions(String from, String to, String message) throws IOException {
        Path index = index(GOOD.replace(from, to));
        assertThatThrownBy(() -> WeightFiles.open(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(index + " is damaged: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../m-1.safetensors",
                "/etc/m-1.safetensors",
                "sub/m-1.safetensors",
                "..\\\\m-1.safetensors",
                ".m-1.safetensors",
                "m-1.bin",
                "",
                "m-1.safetensors\\u0000",
                "m\\n1.safetensors",
            })
    @DisplayName("A name that is not a plain one of this directory is refused, whether or not there is such a file")
    void tricks(String name) throws IOException {
        index(GOOD.replace("m-1.safetensors", name));
        assertThatThrownBy(() -> WeightFiles.open(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("weight_map says that 'a' is in \"")
                .hasMessageContaining("allowed is the plain name of a .safetensors file beside the index");
    }

    @Test
    void a_missing_or_damaged_shard() throws IOException {
        index(GOOD);
        Path shard = directory.resolve("m-2.safetensors");
        Files.write(shard, new byte[7]);
        assertThatThrownBy(() -> WeightFiles.open(directory)).hasMessageStartingWith(shard + " is damaged");
        Files.delete(shard);
        assertThatThrownBy(() -> WeightFiles.open(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessage(directory.resolve("model.safetensors.index.json")
                        + " is damaged: weight_map says that 'b' is in m-2.safetensors, and there is no such file");
    }

    @Test
    void no_weights() throws IOException {
        assertThatThrownBy(() -> WeightFiles.open(directory))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("cannot read " + directory.resolve("model.safetensors")
                        + ": there is no such file, and no model.safetensors.index.json beside it");
        Files.createFile(directory.resolve("pytorch_model.bin"));
        assertThatThrownBy(() -> WeightFiles.open(directory)).hasMessageEndingWith("save the model as safetensors");
    }
}
