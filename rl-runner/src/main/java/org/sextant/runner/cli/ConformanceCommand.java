// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.conformance.Conformance;
import org.sextant.runner.conformance.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl conformance DIR}. */
@Command(
        name = "conformance",
        header = "Replay golden cases through the classes that training uses.",
        description = {
            "%nEvery JSON file under DIR that has \"cases\" is replayed; what is not offered is skipped and named.",
            "Returns 1 if a case fails.%n"
        },
        mixinStandardHelpOptions = true)
final class ConformanceCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "DIR", description = "Directory of case files.")
    private Path directory;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the report to this file.")
    private Path json;

    @Mixin
    private KernelsOptions kernels;

    @Override
    public Integer call() throws IOException {
        Report report;
        try (Kernels chosen = kernels.open(0)) {
            report = new Conformance(chosen).run(directory, method -> main.out().println(method.line()));
        }
        report.closingLines().forEach(main.out()::println);
        if (report.methods().isEmpty()) {
            main.err()
                    .println("rl: no cases under " + directory
                            + ": give a directory with case files (JSON with a top-level list \"cases\")");
        }
        if (json != null) {
            Conformance.write(report, json);
        }
        return report.failed() == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
}
