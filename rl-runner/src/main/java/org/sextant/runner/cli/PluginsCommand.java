// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sextant.api.config.Provider;
import org.sextant.models.kernels.KernelsChoice;
import org.sextant.runner.config.Nearest;
import org.sextant.runner.wiring.Catalog;
import org.sextant.runner.wiring.Catalogs;
import org.sextant.runner.wiring.Wiring;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ./rl plugins}. */
@Command(
        name = "plugins",
        header = "List what a configuration can name: phases, algorithms, tasks, rewards, environments, networks,"
                + " kernels.",
        description = "%nWith a name, also its settings and their defaults, commented.%n",
        mixinStandardHelpOptions = true)
final class PluginsCommand implements Runnable {
    @ParentCommand
    private Main main;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Show the settings of this plugin.")
    private String name;

    @Option(
            names = "--json",
            description = "Print {kind: {name: summary}}; with a name, {kind: {summary, settings}}, settings as HOCON.")
    private boolean json;

    @Override
    public void run() {
        Catalogs catalogs = Wiring.of(main.plugins()).get(Catalogs.class);
        if (name != null) {
            settings(named(catalogs));
        } else if (json) {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            catalogs.all().forEach(c -> {
                Map<String, String> summaries = new LinkedHashMap<>();
                c.byName().forEach((n, p) -> summaries.put(n, p.get().summary()));
                all.put(c.kind(), summaries);
            });
            all.put("kernels", kernels());
            main.out().println(Json.pretty(all));
        } else {
            catalogs.all().forEach(c -> {
                Map<String, String> summaries = new LinkedHashMap<>();
                c.byName().forEach((n, p) -> summaries.put(n, p.get().summary()));
                list(c.kind(), summaries);
            });
            list("kernels", kernels());
        }
    }

    private void list(String kind, Map<String, String> summaries) {
        main.out().println(kind);
        summaries.forEach(
                (name, summary) -> main.out().println(String.format(Locale.ROOT, "  %-16s %s", name, summary)));
    }

    /** They have no settings of their own, and lie on the class path of the program. */
    private static Map<String, String> kernels() {
        Map<String, String> summaries = new LinkedHashMap<>();
        KernelsChoice.providers().forEach((name, provider) -> summaries.put(name, provider.summary()));
        return summaries;
    }

    private void settings(Map<String, Provider<?>> byKind) {
        if (json) {
            Map<String, Map<String, String>> all = new LinkedHashMap<>();
            byKind.forEach((kind, p) -> all.put(
                    kind,
                    Map.of("summary", p.summary(), "settings", p.defaults().strip())));
            main.out().println(Json.pretty(all));
            return;
        }
        byKind.forEach((kind, provider) -> {
            main.out().println("# " + kind + " " + name + ": " + provider.summary());
            main.out().println(provider.defaults().strip());
        });
    }

    /** Of each kind the plugin with the name. */
    private Map<String, Provider<?>> named(Catalogs catalogs) {
        Map<String, Provider<?>> found = new LinkedHashMap<>();
        for (Catalog<?> catalog : catalogs.all()) {
            if (catalog.byName().containsKey(name)) {
                found.put(catalog.kind(), catalog.byName().get(name).get());
            }
        }
        if (found.isEmpty()) {
            List<String> known = catalogs.all().stream()
                    .flatMap(c -> c.byName().keySet().stream())
                    .distinct()
                    .toList();
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "no plugin is named '" + name + "'" + Nearest.hint(name, known) + "; known: "
                            + String.join(", ", known));
        }
        return found;
    }
}
