// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sextant.models.kernels.Kernels;

/**
 * Writes a safetensors file as {@code transformers} does: header padded with spaces to a multiple of 8, data in the order of names.
 * Equal tensors give equal bytes: there is no time and no path in it.
 */
public final class TensorWriter {
    private static final int ALIGNMENT = 8;

    private TensorWriter() {}

    /** Type in which numbers of these kernels are kept without loss. */
    public static ElementType precision(Kernels kernels) {
        return kernels.roundOff() < 0x1p-24 ? ElementType.F64 : ElementType.F32;
    }

    /** Writes in the {@link #precision} of the kernels, so that reading gives the same bits back. */
    public static void write(Path path, List<TensorRows> tensors, Map<String, String> metadata, Kernels kernels) {
        write(path, tensors, metadata, precision(kernels), kernels);
    }

    /**
     * @param metadata texts for {@code __metadata__}
     * @throws ModelFileException if it cannot be written, or the type cannot hold a number; there is no half-written file then
     */
    public static void write(
            Path path, List<TensorRows> tensors, Map<String, String> metadata, ElementType type, Kernels kernels) {
        List<TensorRows> byName =
                tensors.stream().sorted(Comparator.comparing(TensorRows::name)).toList();
        byte[] header = header(byName, metadata, type);
        RowWriter writer = new RowWriter(kernels, type);
        WholeFile.write(path, channel -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            WholeFile.writeFully(channel, length.putLong(0, header.length));
            WholeFile.writeFully(channel, ByteBuffer.wrap(header));
            for (TensorRows rows : byName) {
                writer.write(channel, rows);
            }
        });
    }

    private static byte[] header(List<TensorRows> byName, Map<String, String> metadata, ElementType type) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        new TreeMap<>(metadata).forEach(root.putObject("__metadata__")::put);
        long at = 0;
        for (TensorRows rows : byName) {
            long end = at + rows.numbers() * type.bytes();
            ObjectNode entry = root.putObject(rows.name());
            entry.put("dtype", type.name());
            rows.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] text = bytes(json, root);
        byte[] padded = Arrays.copyOf(text, Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }

    private static byte[] bytes(ObjectMapper json, ObjectNode root) {
        try {
            return json.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a header of texts and numbers is always JSON", e);
        }
    }
}
