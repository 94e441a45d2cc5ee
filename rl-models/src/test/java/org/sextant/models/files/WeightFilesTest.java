// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter.Form;

@DisplayName("Weights of a directory")
class WeightFilesTest {
    private static final String INDEX = "model.safetensors.index.json";

    @TempDir
    Path directory;

    private final Kernels kernels = new ReferenceKernels();
    private final MemoryArena arena = kernels.arena("test");
    private final List<TensorRows> tensors = new ArrayList<>();

    /** Five tensors of 6, 10, 4, 20 and 2 numbers, all of them exact in BF16. */
    @BeforeEach
    void fill() {
        int[] lengths = {6, 10, 4, 20, 2};
        for (int i = 0; i < lengths.length; i++) {
            Tensor t = arena.allocate("t" + i, lengths[i], 1);
            for (int r = 0; r < lengths[i]; r++) {
                kernels.set(t, r, 0, i + r / 4.0);
            }
            // Names against the order in which they are given.
            tensors.add(new TensorRows("w" + (9 - i), t, 0, lengths[i], Form.VECTOR));
        }
    }

    @AfterEach
    void close() {
        arena.close();
        kernels.close();
    }

    private void save(ElementType type, long maxShardBytes) {
        WeightFiles.save(directory, tensors, new SaveFormat(type, maxShardBytes), kernels);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void assertReadsBack() {
        List<TensorRows> back = tensors.stream()
                .map(rows -> new TensorRows(
                        rows.name(), arena.allocate("back", rows.rows(), 1), 0, rows.rows(), Form.VECTOR))
                .toList();
        try (SavedTensors saved = WeightFiles.open(directory)) {
            TensorReader.read(saved, back, Set.of(), kernels);
        }
        for (int i = 0; i < back.size(); i++) {
            for (int r = 0; r < back.get(i).rows(); r++) {
                assertThat(kernels.get(back.get(i).tensor(), r, 0)).isEqualTo(i + r / 4.0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F64, 336", "F32, 168", "F16, 84", "BF16, 84"})
    @DisplayName("What fits into one file is one file, in any type; one byte less, and there are two")
    void one_file(ElementType type, long bytes) throws IOException {
        save(type, bytes);
        assertThat(files()).containsExactly("model.safetensors");
        assertReadsBack();
        save(type, bytes - 1);
        assertThat(files())
                .containsExactly("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", INDEX);
        assertReadsBack();
    }

    @Test
    @DisplayName("Shards are filled in the given order, as save_pretrained does; a tensor above the limit has its own")
    void several_files() throws IOException {
        save(ElementType.BF16, 32);
        assertThat(directory.resolve(INDEX)).hasContent("""
            {
              "metadata": {
                "total_size": 84
              },
              "weight_map": {
                "w5": "model-00003-of-00003.safetensors",
                "w6": "model-00002-of-00003.safetensors",
                "w7": "model-00003-of-00003.safetensors",
                "w8": "model-00001-of-00003.safetensors",
                "w9": "model-00001-of-00003.safetensors"
              }
            }
            """);
        assertReadsBack();
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model-00001-of-00003.safetensors"))) {
            assertThat(file.tensors().get("w8").begin()).isZero();
            assertThat(file.tensors().get("w9").begin()).isEqualTo(20);
            assertThat(file.metadata()).containsEntry("format", "pt");
        }
    }

    @Test
    @DisplayName("Saving again leaves nothing of an earlier save, and nothing else is touched")
    void replaced() throws IOException {
        Files.writeString(directory.resolve("model-card.safetensors"), "not a shard");
        save(ElementType.F32, 40);
        assertThat(files()).hasSize(6).contains("model-00004-of-00004.safetensors");
        save(ElementType.F32, 100);
        assertThat(files())
                .containsExactly(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model-card.safetensors",
                        INDEX);
        save(ElementType.F32, 1000);
        assertThat(files()).containsExactly("model-card.safetensors", "model.safetensors");
        save(ElementType.F32, 100);
        assertThat(files()).hasSize(4).doesNotContain("model.safetensors");
        assertReadsBack();
    }

    @Test
    @DisplayName("Equal weights give equal bytes")
    void equal_bytes() throws IOException {
        save(ElementType.F16, 40);
        Path other = directory.resolve("other");
        WeightFiles.save(other, tensors, new SaveFormat(ElementType.F16, 40), kernels);
        for (String file : files()) {
            if (!file.equals("other")) {
                assertThat(directory.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
            }
        }
    }

    @Test
    @DisplayName("A number that the type cannot hold fails the save; what was there stays")
    void too_large() throws IOException {
        save(ElementType.F16, 1000);
        byte[] before = Files.readAllBytes(directory.resolve("model.safetensors"));
        kernels.set(tensors.get(2).tensor(), 1, 0, 70_000);
        assertThatThrownBy(() -> save(ElementType.F16, 1000))
                .isInstanceOf(ModelFileException.class)
                .hasMessage("w7 has a number that is too large for F16: save the weights as BF16 or F32");
        assertThat(files()).containsExactly("model.safetensors");
        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(before);
        save(ElementType.BF16, 1000);
    }

    @Test
    void formats_that_are_none() {
        assertThatThrownBy(() -> new SaveFormat(ElementType.I8, 1000)).hasMessageContaining("not as I8");
        assertThatThrownBy(() -> new SaveFormat(ElementType.F32, 0)).hasMessageContaining("at least 1");
    }
}
