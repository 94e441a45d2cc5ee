// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.sextant.api.config.ConfigException;
import org.sextant.models.NonFiniteException;
import org.sextant.models.files.ModelFileException;
import org.sextant.runner.directory.StorageException;
import org.sextant.runner.learning.SamplerMismatchException;
import org.sextant.runner.wiring.WiringException;

/** Says in a sentence what went wrong, and which exit code that is. */
final class Failures {
    private Failures() {}

    /** @param debug whether to add the stack trace */
    static int report(Throwable thrown, PrintWriter err, boolean debug) {
        int code = code(thrown);
        switch (thrown) {
            case ConfigException e -> problems(e, err);
            case OutOfMemoryError e ->
                err.println("rl: memory is short (" + e.getMessage()
                        + "); give the process more (RL_JAVA_OPTS=-Xmx8g), or make model, batch or"
                        + " micro-batch-tokens smaller");
            case LinkageError e ->
                err.println("rl: " + e + "; if a plugin is in use, it was built for another version of rl-api: build it"
                        + " again");
            case Throwable e
            when code == ExitCode.INTERNAL ->
                err.println("rl: internal error: " + e
                        + (debug ? "" : "; this is a fault of Sextant, --debug shows where it happened"));
            default -> err.println("rl: " + thrown.getMessage());
        }
        if (debug) {
            thrown.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    static int code(Throwable thrown) {
        return switch (thrown) {
            case ConfigException e -> ExitCode.USAGE;
            case NonFiniteException e -> ExitCode.BROKEN_NUMBERS;
            case SamplerMismatchException e -> ExitCode.BROKEN_NUMBERS;
            case StorageException e -> ExitCode.INPUT;
            case ModelFileException e -> ExitCode.INPUT;
            case WiringException e -> ExitCode.INPUT;
            case IOException e -> ExitCode.INPUT;
            case UncheckedIOException e -> ExitCode.INPUT;
            case OutOfMemoryError e -> ExitCode.INPUT;
            // The API's way to refuse what it was given: a prompt without an answer's room, a character without an id.
            case IllegalArgumentException e when e.getMessage() != null -> ExitCode.INPUT;
            default -> ExitCode.INTERNAL;
        };
    }

    private static void problems(ConfigException e, PrintWriter err) {
        List<?> problems = e.problems();
        err.println("rl: " + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                + " in the configuration");
        problems.forEach(p -> err.println("  " + p));
    }
}
