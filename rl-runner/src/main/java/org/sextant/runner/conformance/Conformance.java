// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.kernels.Kernels;

/**
 * Replays every case file under a directory through the classes that training uses: the tape, credit and statistics in double, vocabulary
 * reductions, samplers and models with the given kernels. It is for authors of plugins and kernels as much as for Sextant's own tests.
 *
 * <p>A case file is JSON with a top-level list {@code cases}; other JSON files are left alone. A case has an {@code id}, a {@code method}
 * ({@code kind} for models), {@code hyper}-parameters, inputs and expected outputs. A method or variant that is not offered is skipped and
 * named; a malformed case fails with its id and never stops the run.
 */
public final class Conformance {
    private final Kernels kernels;
    private final Map<String, Replay> replays;

    /** @param kernels for vocabulary reductions, samplers and models; the caller closes them */
    public Conformance(Kernels kernels) {
        this(kernels, Replays.all());
    }

    Conformance(Kernels kernels, Map<String, Replay> replays) {
        this.kernels = kernels;
        this.replays = replays;
    }

    /**
     * Replays all cases under a directory.
     *
     * @param progress told each method's result as soon as it is there
     * @throws IOException if the directory cannot be read
     */
    public Report run(Path directory, Consumer<MethodResult> progress) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + (Files.exists(directory) ? " is a file" : " does not exist")
                    + "; give a directory with case files (JSON with a top-level list \"cases\")");
        }
        List<MethodResult> results = new ArrayList<>();
        for (Path path : files(directory)) {
            for (MethodResult result : file(directory, path)) {
                results.add(result);
                progress.accept(result);
            }
        }
        return new Report(results);
    }

    private static List<Path> files(Path directory) throws IOException {
        try {
            return CaseFile.under(directory);
        } catch (UncheckedIOException e) {
            throw new IOException("cannot read all of " + directory + ": " + e.getCause(), e);
        }
    }

    /** Writes a report as JSON, whole or not at all. */
    public static void write(Report report, Path target) {
        ReportJson.write(report, target);
    }

    private List<MethodResult> file(Path directory, Path path) {
        Optional<CaseFile> file;
        try {
            file = CaseFile.read(directory, path);
        } catch (IOException e) {
            String name = CaseFile.name(directory, path);
            MethodResult.Failure damaged =
                    new MethodResult.Failure(name, "(file)", "cannot be read: " + e.getMessage());
            return List.of(new MethodResult(name, "(file)", 0, List.of(damaged), List.of(), 0));
        }
        return file.map(this::methods).orElse(List.of());
    }

    private List<MethodResult> methods(CaseFile file) {
        Map<String, List<Case>> byMethod = new LinkedHashMap<>();
        file.cases()
                .forEach(c -> byMethod.computeIfAbsent(c.method(), m -> new ArrayList<>())
                        .add(c));
        Engine engine = new Engine(kernels, file.path().toAbsolutePath().getParent());
        return byMethod.entrySet().stream()
                .map(entry -> method(file.name(), entry.getKey(), entry.getValue(), engine))
                .toList();
    }

    private MethodResult method(String file, String method, List<Case> cases, Engine engine) {
        List<MethodResult.Failure> failures = new ArrayList<>();
        List<MethodResult.Skip> skips = new ArrayList<>();
        double worst = 0;
        for (Case given : cases) {
            Check check = new Check(given);
            try {
                replay(given).replay(given, check, engine);
                if (!check.passed()) {
                    failures.add(new MethodResult.Failure(file, given.id(), check.reason()));
                } else if (!given.unread().isEmpty()) {
                    failures.add(new MethodResult.Failure(file, given.id(), unread(given)));
                }
            } catch (NotOffered e) {
                skips.add(new MethodResult.Skip(given.id(), e.getMessage()));
            } catch (RuntimeException e) {
                failures.add(new MethodResult.Failure(file, given.id(), describe(e)));
            }
            worst = Math.max(worst, check.worstError());
        }
        int passed = cases.size() - failures.size() - skips.size();
        return new MethodResult(file, method, passed, failures, skips, worst);
    }

    private static String unread(Case given) {
        return String.join(", ", given.unread()) + ": not known to the replay of " + given.method()
                + "; what agrees without them proves nothing about them";
    }

    private Replay replay(Case given) {
        Replay replay = replays.get(given.method());
        if (replay == null) {
            throw new NotOffered(given.method());
        }
        return replay;
    }

    private static String describe(RuntimeException e) {
        boolean forReaders = e instanceof IllegalArgumentException || e instanceof ModelFileException;
        return forReaders && e.getMessage() != null ? e.getMessage() : e.toString();
    }
}
