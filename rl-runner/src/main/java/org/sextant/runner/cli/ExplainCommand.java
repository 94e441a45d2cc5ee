// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.phase.Phase;
import org.sextant.runner.config.RunConfig;
import org.sextant.runner.terminal.Definitions;
import org.sextant.runner.wiring.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl explain FILE}. */
@Command(
        name = "explain",
        header = "Show what a configuration computes: the objective as formulas, the models, what a step costs, likely"
                + " mistakes.",
        description = {
            "%nSymbols: π the policy, π_old what sampled, π_ref the reference, ρ a ratio, A an advantage, R a reward"
                    + " or return,",
            "V a critic's value, i an answer, t a token. A warning names settings that are legal and known to be"
                    + " mistakes.%n"
        },
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Runnable {
    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "FILE", description = "Experiment file (HOCON).")
    private Path file;

    @Mixin
    private ExperimentOptions options;

    @Option(
            names = "--json",
            description =
                    "Print {\"phases\": [{\"kind\", \"steps\", \"settings\": {name: formula}, \"warnings\": [text]}]}.")
    private boolean json;

    @Override
    public void run() {
        Experiment experiment = options.read(main.plugins(), file).experiment();
        RunConfig config = experiment.config();
        List<Map<String, Object>> phases = new ArrayList<>();
        for (Phase phase : experiment.phases()) {
            Explanation said = phase.explain(config.sampling(), config.maxNewTokens());
            String title = "phase " + (phases.size() + 1) + ": " + phase.kind()
                    + (phase.steps() == 0 ? "" : ", " + phase.steps() + " steps");
            phases.add(phase(phase, said));
            if (!json) {
                print(title, said);
            }
        }
        if (json) {
            main.out().println(Json.pretty(Map.of("phases", phases)));
        }
    }

    private void print(String title, Explanation said) {
        main.out().println(title);
        Definitions.lines(said.lines()).forEach(main.out()::println);
        for (String warning : said.warnings()) {
            Definitions.lines(Map.of("WARNING", warning)).forEach(main.out()::println);
        }
        main.out().println();
    }

    private static Map<String, Object> phase(Phase phase, Explanation said) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kind", phase.kind());
        all.put("steps", phase.steps());
        all.put("settings", said.lines());
        all.put("warnings", said.warnings());
        return all;
    }
}
