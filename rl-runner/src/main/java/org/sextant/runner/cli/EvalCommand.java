// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sextant.runner.config.Setting;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl eval RUN}. */
@Command(
        name = "eval",
        header = "Measure a saved model on the evaluation questions of a run or an experiment.",
        description = {
            "%nThe answers and the summary go to a run directory of their own, runs/<name>-eval/<n>.",
            "The same model and seed give the same answers.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./rl eval runs/quickstart/1",
            "  ./rl eval runs/quickstart/1 --model runs/quickstart/2/model",
            "  ./rl eval conf/quickstart.conf --model my-model --set evaluation.questions=200"
        },
        mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {
    /** What a run trains of its model, and how it holds the rest, is not for another model that is measured, nor for its own: that is as it was saved. */
    private static final Map<String, String> AS_SAVED =
            Map.of("adapter", "null", "frozen-weights", "float", "freeze-embeddings", "false", "freeze-layers", "0");

    @ParentCommand
    private Main main;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "RUN|FILE", description = "Run directory, or experiment file.")
    private Path from;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Saved model, or run that left one; without it, that of RUN.")
    private Path model;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "Model that an adapter is for, where it is not where the adapter says.")
    private Path base;

    @Mixin
    private ExperimentOptions options;

    @Option(names = "--json", description = "Print the summary as JSON; progress goes to standard error.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        boolean run = Files.isDirectory(from);
        List<Setting> settings = new ArrayList<>();
        settings.add(Setting.of("eval", "name", baseName() + "-eval"));
        settings.add(Setting.of("eval", "run.dir", "null"));
        settings.add(Setting.of("eval", "phases", "[{ kind = eval, moment = after }]"));
        AS_SAVED.forEach((key, value) -> settings.add(Setting.of("eval", "model." + key, value)));
        Optional<Path> weights =
                model != null || run ? Optional.of(SavedRun.model(model != null ? model : from)) : Optional.empty();
        weights.ifPresent(path -> settings.add(Setting.of("--model", "model.path", path.toString())));
        if (base != null) {
            settings.add(Setting.of("--base", "model.base", base.toString()));
        }
        Path config = run ? from.resolve("config.conf") : from;
        if (run && !Files.exists(config)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    from + " is not a run directory (there is no config.conf); name a run or an experiment file, and a"
                            + " saved model with --model");
        }
        ExperimentOptions.Setup setup = options.read(main.plugins(), config, settings.toArray(Setting[]::new));
        if (setup.experiment().config().model().path().isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), from + " names no saved model (model.path); name one with --model");
        }
        if (weights.isPresent() && !setup.experiment().config().model().path().equals(weights)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--set model.path would measure another model than " + weights.get()
                            + "; name it with --model, or with --base if it is what an adapter is for");
        }
        return new TrainingSession(setup, main, json).run(false);
    }

    /** {@code runs/quickstart/1} and {@code conf/quickstart.conf} are both {@code quickstart}. */
    private String baseName() {
        Path path = from.toAbsolutePath().normalize();
        String name = path.getFileName().toString();
        if (Files.isDirectory(path)) {
            return name.matches("\\d+") && path.getParent().getFileName() != null
                    ? path.getParent().getFileName().toString()
                    : name;
        }
        return name.replaceFirst("\\.[^.]*$", "");
    }
}
