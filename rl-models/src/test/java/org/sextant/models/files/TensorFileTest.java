// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;
import org.sextant.models.transformer.Parameter.Form;

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
            TensorReader.read(file, List.of(new TensorRows("w", t, 1, 1, Form.MATRIX)), Set.of(), kernels);
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
            assertThatThrownBy(() -> TensorReader.read(
                            file, List.of(new TensorRows("w", t, 0, 1, Form.MATRIX)), Set.of(), kernels))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("w is of type I32; F32, F64, F16 and BF16 can be read");
        }
    }

    /** Infinities and NaNs of each type by the definition of its bits: quiet and signalling, with any sign and payload. */
    @ParameterizedTest
    @CsvSource({
        "F64, 0 0 0 0 0 0 248 63 0 0 0 0 0 0 240 127, Infinity",
        "F64, 0 0 0 0 0 0 248 63 1 0 0 0 0 0 240 127, NaN",
        "F32, 0 0 192 63 0 0 128 255, -Infinity",
        "F32, 0 0 192 63 0 0 192 127, NaN",
        "F32, 0 0 192 63 1 0 128 255, NaN",
        "F16, 0 62 0 124, Infinity",
        "F16, 0 62 1 252, NaN",
        "BF16, 192 63 128 127, Infinity",
        "BF16, 192 63 129 255, NaN",
    })
    void no_number(String type, String bytes, String shown) throws IOException {
        int[] data = Arrays.stream(bytes.split(" ")).mapToInt(Integer::parseInt).toArray();
        Path path = file(type, data);
        Tensor t = arena.allocate("t", 2, 2);
        Tensor turned = arena.allocate("turned", 2, 1);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (TensorRows rows : List.of(
                    new TensorRows("w", t, 1, 1, Form.MATRIX), new TensorRows("w", turned, 0, 2, Form.TRANSPOSED))) {
                assertThatThrownBy(() -> TensorReader.read(file, List.of(rows), Set.of(), kernels))
                        .isInstanceOf(ModelFileException.class)
                        .hasMessageStartingWith(
                                path + ": tensor 'w': number [0, 1] is " + shown + "; weights must be finite");
            }
        }
    }

    @Test
    @DisplayName(
            "A number that is not finite is found in blocks after the first, and one too large for float32 at once")
    void one_among_many() throws IOException {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        Tensor t = arena.allocate("t", 700, 301);
        kernels.set(t, 650, 77, 1e300);
        Path path = directory.resolve("large.safetensors");
        List<TensorRows> rows = List.of(new TensorRows("w", t, 0, 700, Form.MATRIX));
        TensorWriter.write(path, rows, Map.of(), kernels);
        try (SafetensorsFile file = SafetensorsFile.open(path);
                Kernels vector = KernelsChoice.VECTOR.open(1);
                MemoryArena narrow = vector.arena("narrow")) {
            TensorReader.read(file, rows, Set.of(), kernels);
            List<TensorRows> floats = List.of(new TensorRows("w", narrow.allocate("t", 700, 301), 0, 700, Form.MATRIX));
            assertThatThrownBy(() -> TensorReader.read(file, floats, Set.of(), vector))
                    .hasMessageContaining("number [650, 77] is 1.0E300")
                    .hasMessageContaining("in the range of float32");
        }
        kernels.set(t, 650, 77, Double.NaN);
        TensorWriter.write(path, rows, Map.of(), ElementType.F32, kernels);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> TensorReader.read(file, rows, Set.of(), kernels))
                    .hasMessageContaining("number [650, 77] is NaN");
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
        TensorWriter.write(path, List.of(new TensorRows("w", t, 0, 700, Form.MATRIX)), Map.of(), kernels);
        Tensor back = arena.allocate("back", 700, 301);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat((Files.size(path) - 700L * 301 * Double.BYTES) % 8).isZero();
            TensorReader.read(file, List.of(new TensorRows("w", back, 0, 700, Form.MATRIX)), Set.of(), kernels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int r = 0; r < t.rows(); r++) {
            assertThat(kernels.get(back, r, r % 301)).isEqualTo(Math.PI * r);
        }
        assertThat(kernels.sumOfSquares(back)).isEqualTo(kernels.sumOfSquares(t));
    }

    /** Our [4, 3] with rows 1 and 2 in the file, as [2, 3] and as [3, 2]. */
    @ParameterizedTest
    @CsvSource({
        "F64, MATRIX", "F32, MATRIX", "F16, MATRIX", "BF16, MATRIX",
        "F64, TRANSPOSED", "F32, TRANSPOSED", "F16, TRANSPOSED", "BF16, TRANSPOSED"
    })
    @DisplayName("A tensor may lie transposed in the file")
    void forms(ElementType type, Form form) {
        Tensor t = arena.allocate("t", 4, 3);
        for (int i = 0; i < 12; i++) {
            kernels.set(t, i / 3, i % 3, i);
        }
        Path path = directory.resolve("w.safetensors");
        TensorWriter.write(path, List.of(new TensorRows("w", t, 1, 2, form)), Map.of(), type, kernels);
        Tensor back = arena.allocate("back", 5, 3);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            TensorEntry entry = file.tensors().get("w");
            assertThat(entry.shape()).isEqualTo(form == Form.MATRIX ? List.of(2L, 3L) : List.of(3L, 2L));
            assertThat(numbers(file, entry))
                    .isEqualTo(form == Form.MATRIX ? List.of(3., 4., 5., 6., 7., 8.) : List.of(3., 6., 4., 7., 5., 8.));
            TensorReader.read(file, List.of(new TensorRows("w", back, 2, 2, form)), Set.of(), kernels);
        }
        for (int i = 0; i < 15; i++) {
            assertThat(kernels.get(back, i / 3, i % 3)).isEqualTo(i / 3 == 2 || i / 3 == 3 ? i - 3 : 0);
        }
    }

    private static List<Double> numbers(SafetensorsFile file, TensorEntry entry) {
        MemorySegment bytes = file.bytes(entry);
        return IntStream.range(0, (int) (bytes.byteSize() / entry.type().bytes()))
                .mapToObj(i -> switch (entry.type()) {
                    case F64 -> bytes.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i);
                    case F32 -> (double) bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
                    case F16 -> (double) Float.float16ToFloat(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
                    default -> (double) Float.intBitsToFloat(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"F32, 300, 1000", "BF16, 300, 1000", "F16, 1000, 131", "BF16, 2, 140000"})
    @DisplayName("Large transposed tensors keep every number through all blocks")
    void large_transposed(ElementType type, int rows, int columns) {
        Tensor t = arena.allocate("t", rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            kernels.set(t, i / columns, i % columns, i % 251);
        }
        Path path = directory.resolve("w.safetensors");
        TensorWriter.write(path, List.of(new TensorRows("w", t, 0, rows, Form.TRANSPOSED)), Map.of(), type, kernels);
        Tensor back = arena.allocate("back", rows, columns);
        Tensor turned = arena.allocate("turned", columns, rows);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            TensorReader.read(file, List.of(new TensorRows("w", back, 0, rows, Form.TRANSPOSED)), Set.of(), kernels);
            TensorReader.read(file, List.of(new TensorRows("w", turned, 0, columns, Form.MATRIX)), Set.of(), kernels);
        }
        for (int i = 0; i < rows * columns; i++) {
            assertThat(kernels.get(back, i / columns, i % columns)).isEqualTo(i % 251);
            assertThat(kernels.get(turned, i % columns, i / columns)).isEqualTo(i % 251);
        }
    }

    static Stream<Arguments> panels() {
        return Stream.of(WeightFormat.values())
                .flatMap(format -> Stream.of(ElementType.F32, ElementType.F16, ElementType.BF16)
                        .flatMap(type ->
                                Stream.of(Form.MATRIX, Form.TRANSPOSED).map(form -> Arguments.of(format, type, form))));
    }

    /** Three parts of a weight [230, 300], which begin and end inside of panels, with one whole panel at least. */
    @ParameterizedTest
    @MethodSource
    @DisplayName("Vector kernels turn rows into panels and back, whole panels and pieces of them")
    void panels(WeightFormat format, ElementType type, Form form) throws IOException {
        assumeThat(KernelsChoice.whyNotVector()).isEmpty();
        int[] rows = {5, 200, 25};
        try (Kernels vector = KernelsChoice.VECTOR.open(1);
                MemoryArena memory = vector.arena("test")) {
            Tensor t = memory.allocateWeight("t", 230, 300, format);
            Tensor back = memory.allocateWeight("back", 230, 300, format);
            double[] row = new double[300];
            for (int r = 0; r < 230; r++) {
                for (int c = 0; c < 300; c++) {
                    row[c] = (r * 300 + c) % 251;
                }
                vector.writeRow(t, r, row);
            }
            Path path = directory.resolve("w.safetensors");
            TensorWriter.write(path, parts(t, rows, form), Map.of(), type, vector);
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                assertThat(numbers(file, file.tensors().get("w1")).get(form == Form.MATRIX ? 302 : 2 * 200 + 1))
                        .isEqualTo((6 * 300 + 2) % 251);
                TensorReader.read(file, parts(back, rows, form), Set.of(), vector);
            }
            for (int i = 0; i < 230 * 300; i++) {
                assertThat(vector.get(back, i / 300, i % 300)).isEqualTo(i % 251);
            }
            Path again = directory.resolve("again.safetensors");
            TensorWriter.write(again, parts(back, rows, form), Map.of(), type, vector);
            assertThat(again).hasSameBinaryContentAs(path);
        }
    }

    private static List<TensorRows> parts(Tensor t, int[] rows, Form form) {
        List<TensorRows> parts = new ArrayList<>();
        for (int i = 0, first = 0; i < rows.length; first += rows[i++]) {
            parts.add(new TensorRows("w" + i, t, first, rows[i], form));
        }
        return parts;
    }

    @Test
    @DisplayName("A bias [rows, 1] and a norm [1, columns] have one dimension in the file")
    void vectors() {
        Tensor bias = arena.allocate("bias", 5, 1);
        Tensor norm = arena.allocate("norm", 1, 5);
        for (int i = 0; i < 5; i++) {
            kernels.set(bias, i, 0, i);
            kernels.set(norm, 0, i, i);
        }
        Path path = directory.resolve("v.safetensors");
        List<TensorRows> tensors =
                List.of(new TensorRows("b", bias, 1, 3, Form.VECTOR), new TensorRows("n", norm, 0, 1, Form.VECTOR));
        TensorWriter.write(path, tensors, Map.of(), kernels);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensors().get("b").shape()).containsExactly(3L);
            assertThat(numbers(file, file.tensors().get("b"))).containsExactly(1., 2., 3.);
            assertThat(numbers(file, file.tensors().get("n"))).containsExactly(0., 1., 2., 3., 4.);
            kernels.zero(bias, 5);
            TensorReader.read(file, tensors, Set.of(), kernels);
        }
        assertThat(kernels.get(bias, 3, 0)).isEqualTo(3);
        assertThat(kernels.get(bias, 4, 0)).isZero();
    }

    @Test
    @DisplayName("What does not fit is named before anything is written, and only the first of many")
    void checked_first() throws IOException {
        Tensor t = arena.allocate("t", 3, 2);
        Path path = directory.resolve("s.safetensors");
        Map<String, float[]> vectors = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            vectors.put("v" + (10 + i), new float[2]);
        }
        Safetensors.write(path, vectors);
        List<TensorRows> expected = List.of(
                new TensorRows("v10", t, 0, 1, Form.VECTOR),
                new TensorRows("v11", t, 0, 3, Form.VECTOR),
                new TensorRows("w\n", t, 0, 3, Form.MATRIX));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> TensorReader.read(file, expected, Set.of("v29"), kernels))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessage(
                            path + " does not fit the model: it lacks w\\u000a; the model has no v12, v13, v14, v15,"
                                    + " v16 and 12 more; v11 has shape [2], the model needs [6]");
        }
    }
}
