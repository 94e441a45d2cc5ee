// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;

@DisplayName("Tensors to and from safetensors")
class TensorFileTest {
    @TempDir
    Path directory;

    private final Kernels kernels = new ReferenceKernels();
    private final MemoryArena arena = kernels.arena("test");

    @AfterEach
    void close() {
        arena.close();
        kernels.close();
    }

    private Path file(String type, int... bytes) throws IOException {
        String shape = "\"shape\":[1,2],\"data_offsets\":[0," + bytes.length + "]";
        byte[] json = ("{\"w\":{\"dtype\":\"" + type + "\"," + shape + "}}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + json.length + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(json.length).put(json);
        for (int b : bytes) {
            all.put((byte) b);
        }
        return Files.write(directory.resolve(type), all.array());
    }

    /** 1.5 and −2 in each type, by the definition of its bits. */
    @ParameterizedTest
    @CsvSource({
        "F64, 0 0 0 0 0 0 248 63 0 0 0 0 0 0 0 192",
        "F32, 0 0 192 63 0 0 0 192",
        "F16, 0 62 0 192",
        "BF16, 192 63 0 192",
    })
    void types_that_are_widened(String type, String bytes) throws IOException {
        int[] data = Arrays.stream(bytes.split(" ")).mapToInt(Integer::parseInt).toArray();
        Tensor t = arena.allocate("t", 3, 2);
        try (SafetensorsFile file = SafetensorsFile.open(file(type, data))) {
            TensorReader.read(file, List.of(new TensorRows("w", t, 1, 1, false)), Set.of(), kernels);
        }
        assertThat(kernels.get(t, 1, 0)).isEqualTo(1.5);
        assertThat(kernels.get(t, 1, 1)).isEqualTo(-2);
        assertThat(kernels.get(t, 0, 0)).isZero();
        assertThat(kernels.get(t, 2, 1)).isZero();
    }

    @Test
    void whole_numbers_are_no_weights() throws IOException {
        Tensor t = arena.allocate("t", 1, 2);
        try (SafetensorsFile file = SafetensorsFile.open(file("I32", 0, 0, 0, 0, 0, 0, 0, 0))) {
            assertThatThrownBy(() ->
                            TensorReader.read(file, List.of(new TensorRows("w", t, 0, 1, false)), Set.of(), kernels))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("w is of type I32; F32, F64, F16 and BF16 can be read");
        }
    }

    @Test
    @DisplayName("Large tensors are written in pieces; the header ends at a multiple of 8; doubles keep their bits")
    void large_tensors() {
        Tensor t = arena.allocate("t", 700, 301);
        for (int r = 0; r < t.rows(); r++) {
            kernels.set(t, r, r % 301, Math.PI * r);
        }
        Path path = directory.resolve("large.safetensors");
        TensorWriter.write(path, List.of(new TensorRows("w", t, 0, 700, false)), Map.of(), kernels);
        Tensor back = arena.allocate("back", 700, 301);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat((Files.size(path) - 700L * 301 * Double.BYTES) % 8).isZero();
            TensorReader.read(file, List.of(new TensorRows("w", back, 0, 700, false)), Set.of(), kernels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int r = 0; r < t.rows(); r++) {
            assertThat(kernels.get(back, r, r % 301)).isEqualTo(Math.PI * r);
        }
        assertThat(kernels.sumOfSquares(back)).isEqualTo(kernels.sumOfSquares(t));
    }
}
