// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Safetensors files put together byte by byte, for tests. */
final class Safetensors {
    private Safetensors() {}

    static Path write(Path path, byte[] header, byte[] data) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                path, all.putLong(header.length).put(header).put(data).array());
    }

    static Path write(Path path, String header, int dataBytes) throws IOException {
        return write(path, header.getBytes(StandardCharsets.UTF_8), new byte[dataBytes]);
    }

    /** A file of F32 vectors. */
    static Path write(Path path, Map<String, float[]> vectors) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        int at = 0;
        for (var vector : new LinkedHashMap<>(vectors).entrySet()) {
            int end = at + vector.getValue().length * Float.BYTES;
            header.append(",\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                    .formatted(vector.getKey(), vector.getValue().length, at, end));
            at = end;
        }
        ByteBuffer data = ByteBuffer.allocate(at).order(ByteOrder.LITTLE_ENDIAN);
        vectors.values().forEach(vector -> {
            for (float number : vector) {
                data.putFloat(number);
            }
        });
        return write(path, header.append("}").toString().getBytes(StandardCharsets.UTF_8), data.array());
    }
}
