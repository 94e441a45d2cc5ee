// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of one JSON object a line that grows during a run. A checkpoint notes its {@link #position}; a resume goes back there with {@link
 * #truncate}, so that a resumed run leaves the same file as one that was never disturbed. Used by one thread.
 */
public final class JsonLines implements AutoCloseable {
    private static final ObjectWriter JSON = new ObjectMapper().writer();

    private final Path file;
    private final FileChannel channel;

    private JsonLines(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens a file to add to its end; makes it if it is not there. */
    public static JsonLines open(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.position(channel.size());
            return new JsonLines(file, channel);
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }

    /** Adds a line: a map, or a record. */
    public void add(Object value) {
        try {
            byte[] json = JSON.writeValueAsBytes(value);
            ByteBuffer line = ByteBuffer.allocate(json.length + 1)
                    .put(json)
                    .put((byte) '\n')
                    .flip();
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }

    /** Length of the file in bytes, all of it safely on the disk. */
    public long position() {
        try {
            channel.force(true);
            return channel.position();
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }

    /** Forgets all lines after a position. */
    public void truncate(long position) {
        try {
            if (channel.size() < position) {
                throw new StorageException(
                        file + " has " + channel.size() + " bytes, but the checkpoint was saved when it had " + position
                                + "; it was changed or replaced since, so the run cannot be continued");
            }
            channel.truncate(position);
            channel.position(position);
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }
}
