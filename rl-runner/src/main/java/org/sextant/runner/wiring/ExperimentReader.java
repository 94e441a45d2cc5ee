// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.config.ConfigException;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.environment.Environment;
import org.sextant.api.environment.Task;
import org.sextant.api.phase.Assembly;
import org.sextant.api.phase.Phase;
import org.sextant.api.reward.RewardFunction;
import org.sextant.runner.config.HoconReader;
import org.sextant.runner.config.Layers;
import org.sextant.runner.config.ModelConfig;
import org.sextant.runner.config.ModelDirectory;
import org.sextant.runner.config.ResolvedConfig;
import org.sextant.runner.config.RunConfig;

/** Reads a whole configuration: each block by the part that it names, so that all problems of all parts are known together. */
public final class ExperimentReader {
    private final Catalogs catalogs;

    @Inject
    ExperimentReader(Catalogs catalogs) {
        this.catalogs = catalogs;
    }

    /**
     * Reads everything.
     *
     * @throws ConfigException with all problems
     */
    public Experiment read(Layers layers) {
        HoconReader root = HoconReader.of(layers);
        RunConfig config = RunConfig.read(root, baseName(layers.name()));
        Optional<ChosenNetwork> network = network(root.object("model"), config.model());
        root.strings("plugins");
        Optional<Task> task = catalogs.tasks().build(root.object("task"), "name", (p, own) -> p.create(own));
        Optional<RewardFunction> reward =
                catalogs.rewards().build(root.object("reward"), "name", (p, own) -> p.create(own));
        Optional<Environment> environment = environment(root.object("environment"), reward);
        Map<Integer, Path> starts = new HashMap<>();
        List<Phase> phases = phases(root, starts);
        ResolvedConfig resolved = root.finish();
        return new Experiment(
                config,
                task.orElseThrow(),
                reward.orElseThrow(),
                environment.orElseThrow(),
                phases,
                starts,
                network,
                catalogs.installedNetworks(),
                resolved);
    }

    private Optional<ChosenNetwork> network(HoconReader model, ModelConfig config) {
        return config.isNetwork()
                ? catalogs.networks().build(model.object("network"), "name", (p, own) -> {
                    p.capabilities().refused(config.options()).forEach(model::problem);
                    return new ChosenNetwork(p.name(), p.create(own));
                })
                : Optional.empty();
    }

    private Optional<Environment> environment(HoconReader block, Optional<RewardFunction> reward) {
        // Without a reward there is a problem already; what an environment thinks of the stand-in is never seen.
        RewardFunction judge = reward.orElse((item, answer, finish) -> {
            throw new IllegalStateException("no reward was chosen");
        });
        return catalogs.environments().build(block, "name", (p, own) -> p.create(own, judge));
    }

    private List<Phase> phases(HoconReader root, Map<Integer, Path> starts) {
        List<ConfigReader> blocks = root.objects("phases");
        if (root.has("algorithm")) {
            root.problem(
                    "algorithm",
                    "belongs in a phase: phases = [ { kind = rl, algorithm { … } } ]; a preset of conf/algorithms is"
                            + " included there: phases = [ { kind = rl, include \"algorithms/grpo.conf\" } ]");
        }
        if (root.has("phases") && blocks.isEmpty()) {
            root.problem("phases", "is empty; a run has at least one phase");
        }
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            int position = i;
            HoconReader block = (HoconReader) blocks.get(i);
            block.optionalString("from").ifPresent(saved -> starts.put(position, ModelDirectory.of(Path.of(saved))));
            catalogs.phases()
                    .build(block, "kind", (p, own) -> p.create(own, assembly()))
                    .ifPresent(phases::add);
        }
        return phases;
    }

    private Assembly assembly() {
        return new Assembly() {
            @Override
            public Algorithm algorithm(ConfigReader block) {
                return catalogs.algorithms()
                        .build((HoconReader) block, "name", (p, own) -> p.create(own))
                        .orElseThrow(() ->
                                new IllegalStateException("the algorithm of " + block.path() + " cannot be made"));
            }
        };
    }

    private static String baseName(String file) {
        String name = Path.of(file).getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
