// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.directory;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a run was made with, for whoever wants to make it again.
 *
 * @param values for {@code provenance.json}
 */
public record Provenance(SortedMap<String, Object> values) {
    /** Version of the files in a run directory; a change that a reader must know of raises it. */
    public static final int SCHEMA_VERSION = 1;

    /**
     * Looks around.
     *
     * @param identity hash of the settings that decide what is computed
     * @param kernels what computes, with vector width and threads
     * @param model what the run starts from: its directory, or how it was made
     * @param weights hash of the weights that the run starts from
     * @param plugins jars besides the program
     */
    public static Provenance collect(
            String identity, long seed, String kernels, String model, String weights, List<Path> plugins) {
        SortedMap<String, Object> values = new TreeMap<>();
        values.put("schema_version", SCHEMA_VERSION);
        values.put("identity", identity);
        values.put("seed", seed);
        values.put("kernels", kernels);
        values.put("model", model);
        values.put("weights", weights);
        values.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        values.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        values.put("processor", processor());
        values.put("cores", Runtime.getRuntime().availableProcessors());
        values.put("commit", commit());
        Map<String, String> hashes = new TreeMap<>();
        plugins.forEach(jar -> hashes.put(jar.getFileName().toString(), sha256(jar)));
        values.put("plugins", hashes);
        return new Provenance(values);
    }

    /** SHA-256 of a file's contents. */
    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream through = new DigestInputStream(in, digest)) {
                through.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw StorageException.reading(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException | java.io.UncheckedIOException e) {
            return "unknown";
        }
    }

    /** The commit of the checkout that the program was built in, if it is one and git is there. */
    private static String commit() {
        try {
            Path code = Path.of(Provenance.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            String folder = (Files.isDirectory(code) ? code : code.getParent()).toString();
            Process git = new ProcessBuilder(
                            "git", "-C", folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!git.waitFor(5, TimeUnit.SECONDS)) {
                git.destroy();
                return "unknown";
            }
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.exitValue() == 0 ? text : "unknown";
        } catch (IOException | URISyntaxException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
