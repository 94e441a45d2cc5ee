// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./rl completion}. */
@Command(
        name = "completion",
        header = "Print a completion script for bash and zsh.",
        description = {
            "%nbash:  source <(./rl completion)",
            "zsh:   autoload -U +X bashcompinit && bashcompinit && source <(./rl completion)%n"
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Runnable {
    @ParentCommand
    private Main main;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        main.out().print(AutoComplete.bash("rl", spec.root().commandLine()));
        main.out().println();
    }
}
