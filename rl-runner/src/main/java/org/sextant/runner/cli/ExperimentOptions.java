// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sextant.runner.config.Layers;
import org.sextant.runner.config.Setting;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.ExperimentReader;
import org.sextant.runner.wiring.Plugins;
import org.sextant.runner.wiring.Wiring;
import picocli.CommandLine.Option;

/** Options of the commands that read an experiment. */
final class ExperimentOptions {
    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Set one key, over all files; repeatable. Lists by number: --set phases[1].steps=50.")
    private List<String> settings = List.of();

    @Option(
            names = "--plugins",
            paramLabel = "JAR|DIR",
            description = "A jar of plugins, or a directory of such jars; repeatable.")
    private List<Path> plugins = List.of();

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            description = "auto, vector, reference or nd4j; short for --set kernels=NAME.")
    private String kernels;

    @Option(names = "--device", paramLabel = "NAME", description = "auto, cpu or cuda; short for --set device=NAME.")
    private String device;

    /**
     * What a configuration says, and what read it.
     *
     * @param file as the user named it
     * @param plugins jars that were used
     * @param wiring plugins of the program and the jars
     * @param experiment everything that the configuration names
     */
    record Setup(Path file, Plugins plugins, Wiring wiring, Experiment experiment) {}

    /** Reads a configuration with these options, which win over {@code first}, which wins over the file. */
    Setup read(Path file, Setting... first) {
        List<Setting> all = new ArrayList<>(List.of(first));
        settings.forEach(s -> all.add(Setting.parse(s)));
        if (kernels != null) {
            all.add(Setting.of("--kernels", "kernels", kernels));
        }
        if (device != null) {
            all.add(Setting.of("--device", "device", device));
        }
        Layers layers = Layers.load(file, all);
        Plugins jars = jars(layers);
        Wiring wiring = Wiring.of(jars);
        return new Setup(file, jars, wiring, wiring.get(ExperimentReader.class).read(layers));
    }

    private Plugins jars(Layers layers) {
        List<Path> jars = new ArrayList<>(commandLinePlugins().jars());
        jars.addAll(Plugins.at(layers.plugins(), layers.name()).jars());
        return new Plugins(jars.stream().distinct().toList());
    }

    private Plugins commandLinePlugins() {
        return Plugins.at(plugins, "command line --plugins");
    }
}
