// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl train FILE}. */
@Command(
        name = "train",
        header = "Run the phases of an experiment.",
        description = {
            "%nThe run gets a directory of its own, runs/<name>/<n> or what run.dir says: models, checkpoints,"
                    + " metrics,",
            "every evaluated answer, TensorBoard events, and in the end summary.json.",
            "",
            "ctrl-C finishes the step, saves a checkpoint and ends; a second ctrl-C ends at once. Either way --resume",
            "goes on, and gives the same numbers as a run that was never stopped.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rl train conf/quickstart.conf",
            "  ./rl train conf/quickstart.conf --set seed=2 --set phases[1].steps=50",
            "  ./rl train conf/quickstart.conf --resume"
        },
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "FILE", description = "Experiment file (HOCON).")
    private Path file;

    @Mixin
    private ExperimentOptions options;

    @Option(
            names = "--dry-run",
            description = "Stop before anything is loaded or written, after all checks: phases, models, bytes by role.")
    private boolean dryRun;

    @Option(names = "--resume", description = "Continue the run in the run directory; start afresh if there is none.")
    private boolean resume;

    @Option(names = "--json", description = "Print the summary as JSON; progress goes to standard error.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ExperimentOptions.Setup setup = options.read(main.plugins(), file);
        if (dryRun) {
            DryRun plan = DryRun.of(setup, TrainingSession.start(setup, resume));
            main.out().print(json ? Json.pretty(plan.json()) + System.lineSeparator() : plan.text());
            plan.memory().requireFits();
            return ExitCode.OK;
        }
        return new TrainingSession(setup, main, json).run(resume);
    }
}
