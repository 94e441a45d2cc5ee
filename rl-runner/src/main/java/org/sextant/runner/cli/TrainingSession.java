// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import com.google.inject.Injector;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sextant.api.environment.Split;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;
import org.sextant.api.phase.Phase;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.config.RunConfig;
import org.sextant.runner.directory.Provenance;
import org.sextant.runner.directory.RunDirectory;
import org.sextant.runner.loop.Ending;
import org.sextant.runner.loop.LoopModule;
import org.sextant.runner.loop.QuestionLengths;
import org.sextant.runner.loop.StartingModel;
import org.sextant.runner.loop.StopRequest;
import org.sextant.runner.loop.TrainingRun;
import org.sextant.runner.metrics.MetricsLog;
import org.sextant.runner.tensorboard.TensorBoard;
import org.sextant.runner.terminal.ClosingTable;
import org.sextant.runner.terminal.Progress;
import org.sextant.runner.terminal.Screen;
import org.sextant.runner.wiring.ChosenKernels;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.RunModule;

/** One run in this process: its directory, its files and listeners, the loop, and what is said in the end. */
final class TrainingSession {
    private static final Path RUNS = Path.of("runs");

    private final ExperimentOptions.Setup setup;
    private final Experiment experiment;
    private final Main main;
    private final boolean json;
    private final PrintStream told;

    /** @param json whether standard output is for the summary alone */
    TrainingSession(ExperimentOptions.Setup setup, Main main, boolean json) {
        this.setup = setup;
        this.experiment = setup.experiment();
        this.main = main;
        this.json = json;
        this.told = json ? main.err() : main.out();
    }

    /** Runs, or continues, and returns the exit code. */
    int run(boolean resume) throws IOException {
        RunConfig config = experiment.config();
        try (Kernels kernels = ChosenKernels.open(config.kernels(), config.device(), config.threads())) {
            if (!resume || !RunDirectory.finished(RunDirectory.place(RUNS, config, true))) {
                StartingModel start = start(setup, resume);
                requireFiles(experiment, start);
                MemoryEstimate.of(experiment, start, kernels).requireFits();
            }
            return run(kernels, resume);
        }
    }

    /** Fails where a model or a file of the task is missing or damaged, or a question too long, before there is a run directory. */
    static void requireFiles(Experiment experiment, StartingModel start) {
        start.requireSaved();
        for (Split split : Split.values()) {
            experiment.task().size(split);
        }
        QuestionLengths.require(experiment, start);
    }

    /** What a run begins with, or goes on from. */
    static StartingModel start(ExperimentOptions.Setup setup, boolean resume) {
        Experiment experiment = setup.experiment();
        return resume
                ? StartingModel.of(experiment, RunDirectory.place(RUNS, experiment.config(), true))
                : StartingModel.of(experiment);
    }

    private int run(Kernels kernels, boolean resume) throws IOException {
        RunConfig config = experiment.config();
        try (RunDirectory directory = RunDirectory.open(RUNS, config, experiment.resolved(), resume)) {
            if (directory.finished()) {
                told.println("the run in " + directory.path() + " is finished; nothing to resume");
                if (json) {
                    main.out().print(Files.readString(directory.summary()));
                }
                return ExitCode.OK;
            }
            told.println((directory.resumed() ? "continuing " : "writing to ") + directory.path());
            try (LoggedFiles files = LoggedFiles.open(directory);
                    StopSignals stop = StopSignals.install(main.err());
                    TensorBoard board = TensorBoard.open(directory.tensorboard(), phaseSteps(), Clock.systemUTC())) {
                List<LoopListener> listeners =
                        List.of(new MetricsLog(files.metrics()), board, new Progress(Screen.of(told)));
                LoopListener all = event -> listeners.forEach(l -> l.on(event));
                return run(directory, kernels, files, stop, new SampleCadence(config.samplesEvery(), all));
            }
        }
    }

    private List<Integer> phaseSteps() {
        return experiment.phases().stream().map(Phase::steps).toList();
    }

    private int run(RunDirectory directory, Kernels kernels, LoggedFiles files, StopRequest stop, LoopListener events)
            throws IOException {
        RunConfig config = experiment.config();
        LoopModule.Outside outside =
                new LoopModule.Outside(directory.path(), files, files.answers()::add, events, stop);
        Injector injector = setup.wiring().run(new RunModule(experiment, kernels), new LoopModule(outside));
        try (TrainingRun run = injector.getInstance(TrainingRun.class)) {
            directory.writeProvenance(() -> Provenance.collect(
                    experiment.resolved().identity(),
                    config.seed(),
                    kernels.describe(),
                    config.model()
                            .path()
                            .map(path -> path.toAbsolutePath().normalize().toString())
                            .orElse("fresh"),
                    run.weightsHash(),
                    setup.plugins().jars()));
            events.on(new LoopEvent.RunStarted(
                    config.name(), config.seed(), experiment.phases().size()));
            return ended(run.run(), directory, events);
        }
    }

    private int ended(Ending ending, RunDirectory directory, LoopListener events) {
        return switch (ending) {
            case Ending.Finished finished -> {
                directory.writeSummary(finished.summary());
                events.on(new LoopEvent.RunFinished(finished.summary()));
                closing(finished.summary(), directory);
                yield ExitCode.OK;
            }
            case Ending.Stopped stopped -> {
                told.println(
                        "stopped after " + stopped.totalSteps() + " steps, checkpoint saved; add --resume to go on");
                yield ExitCode.INTERRUPTED;
            }
        };
    }

    private void closing(Map<String, Object> summary, RunDirectory directory) {
        told.println();
        ClosingTable.lines(summary, directory).forEach(told::println);
        if (json) {
            main.out().println(Json.pretty(new TreeMap<>(summary)));
        }
    }
}
