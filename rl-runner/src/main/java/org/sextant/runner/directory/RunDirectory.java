// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.sextant.runner.config.ResolvedConfig;
import org.sextant.runner.config.RunConfig;

/**
 * The directory of one run, locked for this process while open:
 *
 * <pre>
 * config.conf      the resolved configuration
 * provenance.json  what the run was made with
 * metrics.jsonl    numbers of each step
 * eval.jsonl       every evaluated question and answer
 * summary.json     what came out; there once the run is finished
 * model/           the trained model
 * checkpoints/  models/  rollouts/  tensorboard/
 * </pre>
 */
public final class RunDirectory implements AutoCloseable {
    static final String CONFIG = "config.conf";
    private static final String SUMMARY = "summary.json";
    /** What a process that was killed before it wrote the configuration leaves. */
    private static final Set<String> OURS_BEFORE_A_RUN = Set.of(RunLock.NAME, CONFIG + AtomicFiles.UNFINISHED);

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;
    private final boolean resumed;
    private final RunLock lock;

    private RunDirectory(Path path, boolean resumed, RunLock lock) {
        this.path = path;
        this.resumed = resumed;
        this.lock = lock;
    }

    /**
     * Makes the directory of a new run, or opens that of a run to continue: {@code run.dir}, or else {@code <runs>/<name>/<n>} with the next free n
     * (resuming: the last n).
     *
     * @param runs parent of all runs, {@code runs}
     * @param resume continue a run if there is one; start afresh where there is none
     * @throws StorageException if it holds a run and {@code resume} is false, if the run there is of another configuration, if it is in use, or if
     *     it cannot be written
     */
    public static RunDirectory open(Path runs, RunConfig config, ResolvedConfig resolved, boolean resume) {
        Path path = place(runs, config, resume);
        create(path);
        RunLock lock = RunLock.take(path);
        try {
            boolean there = Files.exists(path.resolve(CONFIG));
            if (there && !resume) {
                throw new StorageException(
                        path + " holds a run already; continue it with --resume, remove it, or choose another run.dir");
            }
            if (there) {
                requireSameRun(path.resolve(CONFIG), resolved);
                removeUnfinished(path);
            } else {
                requireEmpty(path);
                AtomicFiles.write(path.resolve(CONFIG), resolved.render(true));
            }
            return new RunDirectory(path, there, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Where {@link #open} makes or finds the directory, if no other process makes one in between. */
    public static Path place(Path runs, RunConfig config, boolean resume) {
        return config.runDirectory().orElseGet(() -> numbered(runs.resolve(config.name()), resume));
    }

    private static Path numbered(Path parent, boolean resume) {
        try (Stream<Path> there = Files.isDirectory(parent) ? Files.list(parent) : Stream.empty()) {
            int last = there.map(p -> p.getFileName().toString())
                    .filter(n -> n.matches("[1-9]\\d{0,8}"))
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElse(0);
            return parent.resolve(Integer.toString(resume ? Math.max(1, last) : last + 1));
        } catch (IOException e) {
            throw StorageException.reading(parent, e);
        }
    }

    private static void create(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw StorageException.writing(path, e);
        }
    }

    private static void requireSameRun(Path config, ResolvedConfig resolved) {
        List<String> differences = resolved.differences(config);
        if (!differences.isEmpty()) {
            throw new StorageException(config.getParent()
                    + " holds a run of another configuration, so it cannot be continued with this one: "
                    + String.join("; ", differences));
        }
    }

    private static void requireEmpty(Path path) {
        try (Stream<Path> files = Files.list(path)) {
            Optional<Path> foreign = files.filter(
                            f -> !OURS_BEFORE_A_RUN.contains(f.getFileName().toString()))
                    .sorted()
                    .findFirst();
            if (foreign.isPresent()) {
                throw new StorageException(path + " is not empty and holds no run (there is "
                        + foreign.get().getFileName() + "); choose another run.dir");
            }
        } catch (IOException e) {
            throw StorageException.reading(path, e);
        }
    }

    /** Removes what a kill left half-written: our own temporary names, and those of model files. */
    private static void removeUnfinished(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(AtomicFiles.UNFINISHED) || name.endsWith(".partial")) {
                    AtomicFiles.deleteTree(file);
                }
            }
        } catch (IOException e) {
            throw StorageException.writing(path, e);
        }
    }

    public Path path() {
        return path;
    }

    /** Whether there was a run here when the directory was opened. */
    public boolean resumed() {
        return resumed;
    }

    /** Whether the run here has come to its end. */
    public boolean finished() {
        return finished(path);
    }

    /** Whether the run in a directory has come to its end. */
    public static boolean finished(Path path) {
        return Files.exists(path.resolve(SUMMARY));
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** What came out, flat; there once the run is finished. */
    public Path summary() {
        return path.resolve(SUMMARY);
    }

    /** What each phase starts from. */
    public Path models() {
        return path.resolve("models");
    }

    /** What the last phase leaves. */
    public Path model() {
        return path.resolve("model");
    }

    public Path rollouts() {
        return path.resolve("rollouts");
    }

    public Path tensorboard() {
        return path.resolve("tensorboard");
    }

    /** Numbers of each step. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** Every evaluated question and answer. */
    public Path evaluations() {
        return path.resolve("eval.jsonl");
    }

    /** Writes what the run was made with; a resumed run keeps what it was started with. */
    public void writeProvenance(Supplier<Provenance> provenance) {
        Path file = path.resolve("provenance.json");
        if (!Files.exists(file)) {
            AtomicFiles.write(file, json(provenance.get().values()));
        }
    }

    /**
     * Writes what came out, under its final name: the sign that the run is finished.
     *
     * @param values flat: numbers and texts; a number that is not finite is written as null
     */
    public void writeSummary(Map<String, Object> values) {
        SortedMap<String, Object> flat = new TreeMap<>();
        values.forEach((key, value) -> {
            if (!(value instanceof Number || value instanceof String || value instanceof Boolean)) {
                throw new IllegalArgumentException("summary value '" + key + "' is not a number or text: " + value);
            }
            flat.put(key, value instanceof Double d && !Double.isFinite(d) ? null : value);
        });
        AtomicFiles.write(summary(), json(flat));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + value, e);
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        lock.close();
    }
}
