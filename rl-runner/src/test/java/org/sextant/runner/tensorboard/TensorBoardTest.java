// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.events.LoopEvent;

class TensorBoardTest {
    @TempDir
    Path folder;

    /** Takes a file of records apart by the format's description, with a bit-by-bit CRC-32C. */
    private static List<byte[]> records(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertThat(in.getInt()).isEqualTo(masked(length));
            byte[] record = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(record);
            assertThat(in.getInt()).isEqualTo(masked(record));
            records.add(record);
        }
        return records;
    }

    private static int masked(byte[] data) {
        int crc = ~0;
        for (byte b : data) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    @Test
    void checksumIsCrc32c() throws IOException {
        // RFC 3720, B.4: the CRC-32C of "123456789" is 0xe3069283, of 32 zero bytes 0x8a9136aa.
        int nine = 0xe3069283;
        int zeros = 0x8a9136aa;
        assertThat(RecordWriter.maskedCrc("123456789".getBytes(StandardCharsets.US_ASCII), 9))
                .isEqualTo((nine >>> 15 | nine << 17) + 0xa282ead8);
        assertThat(RecordWriter.maskedCrc(new byte[32], 32)).isEqualTo((zeros >>> 15 | zeros << 17) + 0xa282ead8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordWriter.write(out, new byte[0]);
        // An empty record as TensorFlow's TFRecordWriter writes it.
        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo("000000000000000029039807d8ea82a2");
    }

    private List<String> events(boolean resumed) throws IOException {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_500L), ZoneOffset.UTC);
        try (TensorBoard board = TensorBoard.open(folder, List.of(100, 50), clock)) {
            board.on(new LoopEvent.PhaseStarted(1, "rl", 50, resumed ? 3 : 0));
            board.on(
                    new LoopEvent.StepFinished(1, "rl", 3, 50, new TreeMap<>(Map.of("reward", 0.5, "kl", Double.NaN))));
            board.on(new LoopEvent.Evaluated(1, 50, "after", Map.of("eval/accuracy_greedy", 0.75)));
            board.on(new LoopEvent.SampleShown(1, 3, "1+1=", "2\n!", 1.0));
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).singleElement().asString().contains("events.out.tfevents.1700000000500");
            List<String> texts = new ArrayList<>();
            for (byte[] record : records(all.get(0))) {
                texts.add(Decoded.text(record));
            }
            return texts;
        }
    }

    @Test
    void scalarsAndTextsDecodeWithProtocolBuffers() throws IOException {
        assertThat(events(true))
                .containsExactly(
                        "wall_time: 1.7000000005E9 file_version: \"brain.Event:2\"",
                        "wall_time: 1.7000000005E9 step: 104 session_log { status: 1 }",
                        "wall_time: 1.7000000005E9 step: 103 summary { value { tag: \"rl/kl\" simple_value: NaN }"
                                + " value { tag: \"rl/reward\" simple_value: 0.5 } }",
                        "wall_time: 1.7000000005E9 step: 150 summary { value { tag: \"eval/accuracy_greedy\""
                                + " simple_value: 0.75 } }",
                        "wall_time: 1.7000000005E9 step: 103 summary { value { tag: \"rl/sample\" tensor { dtype: 7"
                                + " tensor_shape { dim { size: 1 } } string_val: \"reward 1.0\\n"
                                + "\\n"
                                + "    1+1=2\\n"
                                + "    !\" } metadata { plugin_data { plugin_name: \"text\" } } } }");
    }

    @Test
    void everyStartHasItsOwnFile() throws IOException {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_500L), ZoneOffset.UTC);
        TensorBoard.open(folder, List.of(), clock).close();
        TensorBoard.open(folder, List.of(), clock).close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void largeNumbersAreVarints() throws IOException {
        byte[] event = Events.scalars(0, 1L << 40, Map.of("t".repeat(300), -2.5));
        assertThat(Decoded.text(event))
                .isEqualTo("step: 1099511627776 summary { value { tag: \"" + "t".repeat(300)
                        + "\" simple_value: -2.5 } }");
    }
}
