// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * A safetensors file, mapped into memory: eight bytes with the length of the header, the JSON header, the data. Opening checks the whole
 * header ({@link SafetensorsHeader}); data are read only when they are asked for.
 */
public final class SafetensorsFile implements SavedTensors {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final SafetensorsHeader header;
    private final MemorySegment data;

    private SafetensorsFile(Path path, Arena arena, SafetensorsHeader header, MemorySegment data) {
        this.path = path;
        this.arena = arena;
        this.header = header;
        this.data = data;
    }

    /** @throws ModelFileException if the file is missing, cannot be read, or is damaged */
    public static SafetensorsFile open(Path path) {
        RegularFile.require(path);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path)) {
            SafetensorsFile file =
                    of(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            arena = null;
            return file;
        } catch (IOException e) {
            throw ModelFileException.of("read", path, e);
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }

    private static SafetensorsFile of(Path path, Arena arena, MemorySegment all) {
        if (all.byteSize() < LENGTH.byteSize()) {
            throw new ModelFileException(
                    path + " is damaged: it has " + all.byteSize() + " bytes, less than the length of a header");
        }
        long length = all.get(LENGTH, 0);
        long rest = all.byteSize() - LENGTH.byteSize();
        if (length < 0 || length > Math.min(rest, SafetensorsHeader.MOST_BYTES)) {
            throw new ModelFileException(path + " is damaged: its header is said to have "
                    + Long.toUnsignedString(length) + " bytes, but at most "
                    + Math.min(rest, SafetensorsHeader.MOST_BYTES) + " are there or allowed");
        }
        byte[] json = all.asSlice(LENGTH.byteSize(), length).toArray(ValueLayout.JAVA_BYTE);
        SafetensorsHeader header = SafetensorsHeader.parse(path.toString(), json, rest - length);
        return new SafetensorsFile(path, arena, header, all.asSlice(LENGTH.byteSize() + length));
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public SortedMap<String, TensorEntry> tensors() {
        return header.tensors();
    }

    /** Texts of {@code __metadata__}. */
    public SortedMap<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public MemorySegment bytes(TensorEntry entry) {
        return data.asSlice(entry.begin(), entry.bytes());
    }

    @Override
    public Path file(TensorEntry entry) {
        return path;
    }

    @Override
    public void close() {
        arena.close();
    }
}
