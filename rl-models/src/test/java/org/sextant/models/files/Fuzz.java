// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Damages one file of a directory at random, again and again, and watches what reads the directory: it may succeed, or fail with a {@link
 * ModelFileException} that names a file and the place in it (a key, a tensor, a byte, a line); anything else, and more memory or time than such small
 * files can need, is a finding.
 *
 * @param name of the target, for findings
 * @param directory that the reader accepts as it is
 * @param file the one to damage
 * @param mutation makes a damaged file of a whole one
 * @param reader what is tested
 */
public record Fuzz(
        String name, Path directory, String file, BiFunction<Mutants, byte[], byte[]> mutation, Reader reader) {
    private static final long MOST_BYTES = 64 << 20;
    private static final long MOST_SECONDS = 30;
    private static final int MOST_FINDINGS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads a directory. */
    @FunctionalInterface
    public interface Reader {
        void read(Path directory);
    }

    /**
     * What came of the mutants.
     *
     * @param read how many were still accepted
     * @param refused how many were refused as they should be
     * @param mostBytes allocated for one on the Java heap
     * @param findings what must not be, with the seed of each
     */
    public record Report(String target, int read, int refused, long mostBytes, List<String> findings) {}

    /** A text file, JSON above all. */
    public static Fuzz text(String name, Path directory, String file, Reader reader) {
        return new Fuzz(name, directory, file, Mutants::ofText, reader);
    }

    /** A safetensors file. */
    public static Fuzz safetensors(String name, Path directory, String file, Reader reader) {
        return new Fuzz(name, directory, file, Mutants::ofSafetensors, reader);
    }

    /** Reads {@code mutants} mutants, the seeds of which are {@code firstSeed}, {@code firstSeed + 1}, …; the file is whole again in the end. */
    public Report run(long firstSeed, int mutants) throws IOException {
        Path damaged = directory.resolve(file);
        byte[] whole = Files.readAllBytes(damaged);
        Pattern places = places(whole);
        reader.read(directory);
        List<String> findings = new ArrayList<>();
        int refused = 0;
        long mostBytes = 0;
        try {
            for (long seed = firstSeed; seed < firstSeed + mutants && findings.size() < MOST_FINDINGS; seed++) {
                Files.write(damaged, mutation.apply(new Mutants(new SplittableRandom(seed)), whole));
                long began = System.nanoTime();
                long before = THREADS.getCurrentThreadAllocatedBytes();
                Throwable thrown = thrownBy();
                long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                mostBytes = Math.max(mostBytes, bytes);
                refused += thrown == null ? 0 : 1;
                String finding = finding(thrown, places, bytes, (System.nanoTime() - began) / 1_000_000_000);
                if (finding != null) {
                    findings.add(name + ", seed " + seed + ": " + finding);
                }
            }
        } finally {
            Files.write(damaged, whole);
        }
        return new Report(name, mutants - refused, refused, mostBytes, findings);
    }

    /** Even an error of the virtual machine is a finding, not the end. */
    @SuppressWarnings("PMD.AvoidCatchingThrowable")
    private Throwable thrownBy() {
        try {
            reader.read(directory);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private String finding(Throwable thrown, Pattern places, long bytes, long seconds) {
        if (thrown != null && !(thrown instanceof ModelFileException)) {
            StackTraceElement[] trace = thrown.getStackTrace();
            return thrown + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        if (thrown != null && !namesAFile(thrown.getMessage())) {
            return "no file is named: " + thrown.getMessage();
        }
        if (thrown != null && !places.matcher(thrown.getMessage()).find()) {
            return "no place is named: " + thrown.getMessage();
        }
        if (thrown != null && thrown.getMessage().chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
            return "control characters: " + Shown.text(thrown.getMessage());
        }
        if (bytes > MOST_BYTES || seconds > MOST_SECONDS) {
            return "took " + bytes + " bytes and " + seconds + " seconds";
        }
        return null;
    }

    /** Mostly the one that is damaged; if sizes disagree it may be the other. */
    private boolean namesAFile(String message) {
        try (Stream<Path> files = Files.list(directory)) {
            return message.contains(directory.toString())
                    && files.anyMatch(
                            path -> message.contains(path.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys of the whole file or names of its tensors; where it is no longer JSON, or no longer a safetensors file, what its parts are called. */
    private static Pattern places(byte[] whole) {
        int json = whole.length > 8 && whole[8] == '{' && whole[0] != '{' ? 8 : 0;
        String text = new String(whole, json, whole.length - json, StandardCharsets.UTF_8);
        Set<String> keys = new TreeSet<>();
        try {
            collect(JSON.readTree(text), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Pattern.compile(
                "line \\d+, column \\d+|not encoded in UTF-8|not a JSON object|it is empty|the header|bytes"
                        + "|(tensor|has|says that) '|(it lacks|has no) [a-z]|[a-z]+ has shape \\[|(?<![A-Za-z0-9_])("
                        + keys.stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")(?![A-Za-z0-9_])");
    }

    private static void collect(JsonNode node, Set<String> keys) {
        node.properties().stream()
                .filter(field -> !field.getKey().equals("vocab"))
                .peek(field -> keys.add(field.getKey()))
                .forEach(field -> collect(field.getValue(), keys));
        if (node.has("vocab")) {
            keys.add("vocab");
        }
    }
}
