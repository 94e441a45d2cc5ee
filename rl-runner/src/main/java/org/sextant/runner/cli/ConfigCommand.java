// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.runner.config.ResolvedConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl config FILE}. */
@Command(
        name = "config",
        header = "Check a configuration and show all its settings, defaults included, with where each comes from.",
        description = "%nWhat it prints is a configuration itself and gives the same run.%n",
        mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "FILE", description = "Experiment file (HOCON).")
    private Path file;

    @Mixin
    private ExperimentOptions options;

    @Option(names = "--json", description = "Print {\"identity\": …, \"settings\": {path: value as JSON}}.")
    private boolean json;

    @Override
    public void run() {
        ResolvedConfig resolved =
                options.read(main.plugins(), file).experiment().resolved();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("identity", resolved.identity());
            all.put("settings", resolved.leaves());
            main.out().println(Json.pretty(all));
        } else {
            main.out().print(resolved.render(true));
        }
    }
}
