// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files that are there whole or not at all: written under a temporary name, synced, renamed. */
public final class AtomicFiles {
    /** Ending of everything that is not finished; a resume removes what a kill left of it. */
    public static final String UNFINISHED = ".tmp";

    private AtomicFiles() {}

    /** Writes a file, replacing one that is there. */
    public static void write(Path file, String text) {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            rename(unfinished, file);
        } catch (IOException e) {
            throw StorageException.writing(file, e);
        }
    }

    /** Gives a finished file or directory its final name, so that the name outlives a power cut. */
    public static void rename(Path unfinished, Path finished) throws IOException {
        Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(finished.toAbsolutePath().getParent());
    }

    /** Forces a file, or the names in a directory, to the disk. */
    public static void sync(Path fileOrDirectory) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces everything in a directory to the disk. */
    public static void syncTree(Path root) throws IOException {
        for (Path file : below(root)) {
            sync(file);
        }
    }

    /** Removes a file, or a directory with all that is in it; nothing there is fine. */
    public static void deleteTree(Path root) throws IOException {
        for (Path file : below(root).reversed()) {
            Files.delete(file);
        }
    }

    private static List<Path> below(Path root) throws IOException {
        if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
