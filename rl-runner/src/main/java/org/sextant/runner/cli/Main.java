// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.runner.wiring.Plugins;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command {@code ./rl}. */
@Command(
        name = "rl",
        header = "Sextant: reinforcement-learning post-training for language models, on the JVM.",
        description = "%nWrite an experiment in a file, check it, train, and look at what came out:%n",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            TrainCommand.class,
            EvalCommand.class,
            GenerateCommand.class,
            InitModelCommand.class,
            ExportCommand.class,
            ConfigCommand.class,
            ExplainCommand.class,
            PluginsCommand.class,
            ConformanceCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:a check failed (conformance)",
            " 2:the command line or the configuration is wrong; nothing was started",
            " 3:a file is missing, damaged, does not fit or cannot be written",
            " 4:training broke: a number is not finite, or sampler and trainer disagree",
            "70:a fault of Sextant",
            "130:stopped by ctrl-C; --resume goes on"
        },
        footerHeading = "%nA first run:%n",
        footer = {
            "  ./rl train conf/quickstart.conf --dry-run   what it would do",
            "  ./rl train conf/quickstart.conf             train; curves and models go to runs/quickstart/1",
            "  ./rl generate runs/quickstart/1 \"12+34=\"    ask the trained model",
            "",
            "./rl help COMMAND explains a command; docs/ has a page for each subject."
        })
public final class Main implements Runnable {
    private final PrintStream out;
    private final PrintStream err;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean debug;

    private final Set<Path> plugins = new LinkedHashSet<>();

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        PrintStream out =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(arguments, out, err));
    }

    /** Runs a command line and returns its exit code. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        Main main = new Main(out, err);
        CommandLine line = new CommandLine(main)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(KernelsChoice.class, KernelsOptions::kernels)
                .setExecutionExceptionHandler(
                        (thrown, command, result) -> Failures.report(thrown, command.getErr(), main.debug))
                .setParameterExceptionHandler(Main::misused);
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError | StackOverflowError | LinkageError | AssertionError e) {
            return Failures.report(e, line.getErr(), main.debug);
        }
    }

    private static int misused(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("rl: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("./" + command.getCommandSpec().qualifiedName() + " --help shows what is accepted");
        return ExitCode.USAGE;
    }

    /** {@code ./rl} alone. */
    @Override
    public void run() {
        spec.commandLine().usage(out);
    }

    /** Adds to those that stand elsewhere: before the command and after it. */
    @Option(
            names = "--plugins",
            scope = ScopeType.INHERIT,
            paramLabel = "JAR|DIR",
            description = "A jar of plugins, or a directory of such jars; repeatable.")
    private void plugins(List<Path> more) {
        plugins.addAll(more);
    }

    /** Those of the command line. */
    Plugins plugins() {
        return Plugins.at(List.copyOf(plugins), "command line --plugins");
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }
}
