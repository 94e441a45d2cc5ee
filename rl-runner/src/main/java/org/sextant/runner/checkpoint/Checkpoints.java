// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sextant.runner.directory.AtomicFiles;
import org.sextant.runner.directory.StorageException;

/**
 * The folder {@code checkpoints/} of a run: {@code step-N} is the state after N steps of the whole run. A checkpoint is written under a temporary
 * name, synced and renamed, so one that has its name is complete. When a step is saved again, at the end of a phase, the earlier one is {@code
 * step-N.replaced} until the new one is in its place: a kill at any moment leaves one of the two.
 */
public final class Checkpoints {
    private static final String PREFIX = "step-";
    private static final String REPLACED = ".replaced";

    private final Path folder;
    private final int keep;

    /** @param keep how many of the newest to keep, at least 1 */
    public Checkpoints(Path folder, int keep) {
        this.folder = folder;
        this.keep = keep;
    }

    /** Writes the files of a checkpoint into the folder that it is given. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path folder) throws IOException;
    }

    /**
     * Saves a checkpoint and removes those that are too old.
     *
     * @throws StorageException if it cannot be written; nothing half-written then has the name of a checkpoint
     */
    public Path save(long step, Content content) {
        Path finished = folder.resolve(PREFIX + step);
        try {
            write(finished, step, content);
        } catch (IOException e) {
            throw StorageException.writing(finished, e);
        }
        return finished;
    }

    private void write(Path finished, long step, Content content) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(PREFIX + step + AtomicFiles.UNFINISHED);
        AtomicFiles.deleteTree(unfinished);
        Files.createDirectories(unfinished);
        content.writeTo(unfinished);
        AtomicFiles.syncTree(unfinished);
        Path replaced = folder.resolve(PREFIX + step + REPLACED);
        if (Files.exists(finished)) {
            AtomicFiles.deleteTree(replaced);
            AtomicFiles.rename(finished, replaced);
        }
        AtomicFiles.rename(unfinished, finished);
        AtomicFiles.deleteTree(replaced);
        List<Path> all = list(folder);
        for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
            AtomicFiles.deleteTree(old);
        }
    }

    /** The newest complete checkpoint. */
    public Optional<Path> latest() throws IOException {
        return latest(folder);
    }

    /** The newest complete checkpoint in a folder, which need not be there. */
    public static Optional<Path> latest(Path folder) throws IOException {
        List<Path> all = list(folder);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().matches(PREFIX + "\\d+(" + REPLACED + ")?"))
                    .sorted(Comparator.comparingLong(Checkpoints::step).thenComparing(f -> !isReplaced(f)))
                    .toList();
        }
    }

    private static long step(Path checkpoint) {
        String name = checkpoint.getFileName().toString();
        return Long.parseLong(name.substring(PREFIX.length()).replace(REPLACED, ""));
    }

    private static boolean isReplaced(Path checkpoint) {
        return checkpoint.getFileName().toString().endsWith(REPLACED);
    }
}
