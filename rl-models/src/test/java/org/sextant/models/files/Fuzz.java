// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Damages one file of a directory at random, again and again, and watches what reads the directory: it may succeed, or fail with a {@link
 * ModelFileException} that names the file; anything else, and more memory or time than such small files can need, is a finding.
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
                String finding = finding(thrown, bytes, (System.nanoTime() - began) / 1_000_000_000);
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

    private String finding(Throwable thrown, long bytes, long seconds) {
        if (thrown != null && !(thrown instanceof ModelFileException)) {
            StackTraceElement[] trace = thrown.getStackTrace();
            return thrown + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        if (thrown != null && !thrown.getMessage().contains(directory.toString())) {
            return "no file is named: " + thrown.getMessage();
        }
        if (bytes > MOST_BYTES || seconds > MOST_SECONDS) {
            return "took " + bytes + " bytes and " + seconds + " seconds";
        }
        return null;
    }
}
