// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
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
 * Equal tensors give equal bytes: there is no time and no path in it. Numbers are written in the precision of the kernels (F32, or F64 for
 * the reference kernels), so that reading them back gives the same bits.
 */
public final class TensorWriter {
    private static final int ALIGNMENT = 8;
    private static final long CHUNK_BYTES = 1 << 20;
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Kernels kernels;
    private final ElementType type;

    private TensorWriter(Kernels kernels) {
        this.kernels = kernels;
        this.type = precision(kernels);
    }

    /** Type in which numbers of these kernels are kept without loss. */
    public static ElementType precision(Kernels kernels) {
        return kernels.roundOff() < 0x1p-24 ? ElementType.F64 : ElementType.F32;
    }

    /**
     * @param metadata texts for {@code __metadata__}
     * @throws ModelFileException if it cannot be written; there is no half-written file then
     */
    public static void write(Path path, List<TensorRows> tensors, Map<String, String> metadata, Kernels kernels) {
        List<TensorRows> byName =
                tensors.stream().sorted(Comparator.comparing(TensorRows::name)).toList();
        new TensorWriter(kernels).write(path, byName, metadata);
    }

    private void write(Path path, List<TensorRows> byName, Map<String, String> metadata) {
        byte[] header = header(byName, metadata);
        WholeFile.write(path, channel -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            WholeFile.writeFully(channel, length.putLong(0, header.length));
            WholeFile.writeFully(channel, ByteBuffer.wrap(header));
            for (TensorRows rows : byName) {
                write(channel, rows);
            }
        });
    }

    private byte[] header(List<TensorRows> byName, Map<String, String> metadata) {
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

    private void write(FileChannel channel, TensorRows rows) throws IOException {
        long rowBytes = (long) rows.tensor().columns() * type.bytes();
        int atOnce = Math.clamp(CHUNK_BYTES / rowBytes, 1, Math.max(rows.rows(), 1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(atOnce * rowBytes);
            for (int row = 0; row < rows.rows(); row += atOnce) {
                int count = Math.min(atOnce, rows.rows() - row);
                copy(rows, rows.firstRow() + row, count, chunk);
                WholeFile.writeFully(channel, chunk.asSlice(0, count * rowBytes).asByteBuffer());
            }
        }
    }

    private void copy(TensorRows rows, int firstRow, int count, MemorySegment into) {
        if (type == ElementType.F32) {
            kernels.store(rows.tensor(), firstRow, count, into);
            return;
        }
        double[] row = new double[rows.tensor().columns()];
        for (int r = 0; r < count; r++) {
            kernels.readRow(rows.tensor(), firstRow + r, row);
            for (int c = 0; c < row.length; c++) {
                into.set(DOUBLE, ((long) r * row.length + c) * Double.BYTES, row[c]);
            }
        }
    }
}
