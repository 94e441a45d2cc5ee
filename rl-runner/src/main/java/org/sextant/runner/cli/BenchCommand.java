// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.sextant.models.kernels.Kernels;
import org.sextant.runner.bench.BenchReport;
import org.sextant.runner.bench.BenchSettings;
import org.sextant.runner.bench.Benchmark;
import org.sextant.runner.bench.ModelBenchmark;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl bench}. */
@Command(
        name = "bench",
        header = "Measure training and sampling speed, beside the matrix products alone.",
        description = {
            "%nThe best of the repeats counts. benchmarks/README.md says how to measure PyTorch on the same shapes.",
            "Shapes that are not named are those that page compares.%n"
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
    private static final String DEFAULT = "; default: ${DEFAULT-VALUE}.";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @ParentCommand
    private Main main;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "Threads of the kernels" + DEFAULT)
    private int threads;

    @Option(names = "--layers", paramLabel = "N", defaultValue = "4", description = "Blocks of the model" + DEFAULT)
    private int layers;

    @Option(names = "--hidden", paramLabel = "N", defaultValue = "256", description = "Width of the model" + DEFAULT)
    private int hidden;

    @Option(names = "--heads", paramLabel = "N", defaultValue = "4", description = "Attention heads" + DEFAULT)
    private int heads;

    @Option(names = "--vocab", paramLabel = "N", defaultValue = "64", description = "Token ids" + DEFAULT)
    private int vocabulary;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Sequences of a training step" + DEFAULT)
    private int batch;

    @Option(names = "--tokens", paramLabel = "N", defaultValue = "64", description = "Tokens of each" + DEFAULT)
    private int tokens;

    @Option(
            names = "--prompts",
            paramLabel = "N",
            defaultValue = "64",
            description = "Prompts answered at once" + DEFAULT)
    private int prompts;

    @Option(names = "--prompt-tokens", paramLabel = "N", defaultValue = "16", description = "Tokens of each" + DEFAULT)
    private int promptTokens;

    @Option(
            names = "--new-tokens",
            paramLabel = "N",
            defaultValue = "48",
            description = "Tokens of each answer" + DEFAULT)
    private int newTokens;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "7", description = "Measured repeats" + DEFAULT)
    private int repeat;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Measure a saved model instead: reading a prompt of --tokens, answering 1, 8 and 32 prompts,"
                    + " and training steps of --batch x --tokens, beside what products and memory allow.")
    private Path model;

    @Mixin
    private KernelsOptions kernels;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object, with the keys of the PyTorch script; progress goes to standard error.")
    private boolean json;

    @Override
    public Integer call() {
        if (model != null) {
            return measureModel();
        }
        BenchSettings settings = settings();
        try (Kernels chosen = kernels.open(threads)) {
            BenchReport report =
                    Benchmark.run(settings, chosen, next -> main.err().println("measuring " + next));
            if (json) {
                main.out().println(report.json());
            } else {
                report.lines().forEach(main.out()::println);
            }
        }
        return ExitCode.OK;
    }

    private int measureModel() {
        if (threads < 1 || batch < 0 || tokens < 2 || repeat < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--threads and --repeat must be at least 1, --tokens 2, --batch 0 (which leaves training out)");
        }
        var settings = new ModelBenchmark.Settings(batch, tokens, List.of(1, 8, 32), repeat);
        try (Kernels chosen = kernels.open(threads)) {
            List<ModelBenchmark.Line> lines = ModelBenchmark.run(
                    SavedRun.model(model), settings, chosen, next -> main.err().println("measuring " + next));
            if (json) {
                main.out().println(ModelBenchmark.json(lines, chosen));
            } else {
                ModelBenchmark.text(lines).forEach(main.out()::println);
            }
        }
        return ExitCode.OK;
    }

    private BenchSettings settings() {
        try {
            return new BenchSettings(
                    threads,
                    layers,
                    hidden,
                    heads,
                    vocabulary,
                    batch,
                    tokens,
                    prompts,
                    promptTokens,
                    newTokens,
                    repeat);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
