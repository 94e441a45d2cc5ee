// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A damaged safetensors file is refused with the file, the tensor and the reason")
class SafetensorsHeaderTest {
    @TempDir
    Path directory;

    private static final String GOOD =
            "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
                    + "\"b\":{\"dtype\":\"F16\",\"shape\":[],\"data_offsets\":[16,18]}}";

    @Test
    void reads_what_is_whole() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(file(GOOD, 18))) {
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(file.tensors().get("a"))
                    .isEqualTo(new TensorEntry("a", ElementType.F32, List.of(2L, 2L), 0, 16));
            assertThat(file.tensors().get("b").shape()).isEmpty();
            assertThat(file.bytes(file.tensors().get("b")).byteSize()).isEqualTo(2);
        }
    }

    static Stream<Arguments> damaged() {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}";
        return Stream.of(
                Arguments.of("[]", 0, "does not begin with '{'"),
                Arguments.of("", 0, "does not begin with '{'"),
                Arguments.of("{\"a\":", 0, "not JSON"),
                Arguments.of("{} {}", 0, "not JSON"),
                Arguments.of("{" + a + "," + a + "}", 16, "Duplicate field 'a'"),
                Arguments.of("{" + a + "}", 12, "describes 16 bytes of data, the file has 12"),
                Arguments.of("{" + a + "}", 17, "it is too long"),
                Arguments.of("{\"a\":3}", 0, "'a': its entry must have"),
                Arguments.of(a("F32", "[4]", "[0,16],\"more\":1"), 16, "'a': its entry must have"),
                Arguments.of(a("F31", "[4]", "[0,16]"), 16, "'a': dtype is \"F31\"; known are [F64"),
                Arguments.of(a("F32", "[-4]", "[0,16]"), 16, "'a': shape has -4"),
                Arguments.of(a("F32", "[4.0]", "[0,16]"), 16, "'a': shape has 4.0"),
                Arguments.of(a("F32", "4", "[0,16]"), 16, "'a': shape is not a list"),
                Arguments.of(a("F32", "[9223372036854775808]", "[0,16]"), 16, "'a': shape has 9223372036854775808"),
                Arguments.of(
                        a("F32", "[4294967296,4294967296]", "[0,16]"),
                        16,
                        "'a': shape [4294967296, 4294967296] has more"),
                Arguments.of(a("F32", "[4]", "[16,0]"), 16, "'a': data_offsets are [16, 0]"),
                Arguments.of(a("F32", "[4]", "[0]"), 16, "'a': data_offsets are [0]"),
                Arguments.of(
                        a("F32", "[4]", "[0,20]"),
                        20,
                        "'a': data_offsets [0, 20] span 20 bytes, shape [4] of F32 needs 16"),
                Arguments.of(a("F32", "[4]", "[4,20]"), 20, "'a': its data begin at byte 4"),
                Arguments.of(
                        "{" + a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}}",
                        16,
                        "'b': its data begin at byte 12, but the tensor before ends at byte 16: an overlap"),
                Arguments.of(
                        "{" + a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[20,24]}}", 24, "a hole"),
                Arguments.of("{\"__metadata__\":{\"n\":1}}", 0, "__metadata__.n is not a text"),
                Arguments.of("{\"__metadata__\":[]}", 0, "__metadata__ is not an object"));
    }

    private static String a(String type, String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    @ParameterizedTest
    @MethodSource
    void damaged(String header, int dataBytes, String reason) throws IOException {
        Path file = file(header, dataBytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(file + " is damaged: ")
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1), "not encoded in UTF-8"),
                Arguments.of("{}".getBytes(StandardCharsets.UTF_16LE), "not JSON"),
                Arguments.of(a("F32", "[0" + ",1".repeat(20) + "]", "[0,0]").getBytes(), "has more than 16 numbers"),
                Arguments.of(a("F32", "[".repeat(100_000), "").getBytes(), "shape has a list"),
                Arguments.of(("{\"a\":" + "{\"a\":".repeat(100_000)).getBytes(), "'a': its entry must have"),
                Arguments.of(("{\"__metadata__\":" + "[".repeat(9)).getBytes(), "__metadata__ is not an object"),
                Arguments.of(("{\"" + "x".repeat(60_000) + "\":1}").getBytes(), "not JSON: Name length"),
                Arguments.of(a("F32", "[1" + "0".repeat(5000) + "]", "[0,0]").getBytes(), "not JSON: Number value"),
                Arguments.of(a("F32", "[1e400]", "[0,0]").getBytes(), "shape has 1e400"),
                Arguments.of(
                        ("{\"\\u0007\\ud800" + "y".repeat(500) + "\":3}").getBytes(),
                        "tensor '\\u0007\\ud800" + "y".repeat(118) + "…': its entry"),
                Arguments.of(a("F" + "3".repeat(500), "[4]", "[0,16]").getBytes(), "3…\"; known are"));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("Headers made to do harm are refused like others, in a short message")
    void hostile(byte[] header, String reason) throws IOException {
        Path file = Safetensors.write(directory.resolve("x.safetensors"), header, new byte[0]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(file + " is damaged: ")
                .hasMessageContaining(reason)
                .extracting(e -> e.getMessage().length(), InstanceOfAssertFactories.INTEGER)
                .isLessThan(600);
    }

    @Test
    void header_length_beyond_the_file() throws IOException {
        for (long length : new long[] {9, Long.MAX_VALUE, -1}) {
            Path file = directory.resolve("long.safetensors");
            Files.write(
                    file,
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(0, length)
                            .array());
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining(
                            "header is said to have " + Long.toUnsignedString(length) + " bytes, but at most 8");
        }
    }

    @Test
    @DisplayName("A header of a great many empty tensors is given up before it costs memory and time")
    void too_many_tensors() throws IOException {
        String entries = IntStream.rangeClosed(0, SafetensorsHeader.MOST_TENSORS)
                .mapToObj(i -> "\"t" + i + "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}")
                .collect(Collectors.joining(","));
        Path file = file("{" + entries + "}", 0);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith(file + " is damaged: the header has more than 100000 tensors");
    }

    @Test
    void missing_empty_or_not_a_file() throws IOException {
        Path missing = directory.resolve("missing.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.open(missing))
                .hasMessage("cannot read " + missing + ": there is no such file or directory");
        Path empty = Files.createFile(directory.resolve("empty.safetensors"));
        assertThatThrownBy(() -> SafetensorsFile.open(empty)).hasMessageContaining("it has 0 bytes");
        assertThatThrownBy(() -> SafetensorsFile.open(directory)).isInstanceOf(ModelFileException.class);
    }

    private Path file(String header, int dataBytes) throws IOException {
        return Safetensors.write(directory.resolve("x.safetensors"), header, dataBytes);
    }
}
