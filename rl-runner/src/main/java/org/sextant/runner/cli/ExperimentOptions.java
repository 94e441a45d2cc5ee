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

    /**
     * Reads a configuration with these options, which win over {@code first}, which wins over the file.
     *
     * @param named plugins of the command line; those of the configuration come after them
     */
    Setup read(Plugins named, Path file, Setting... first) {
        List<Setting> over = new ArrayList<>(List.of(first));
        settings.forEach(s -> over.add(Setting.parse(s)));
        if (kernels != null) {
            over.add(Setting.of("--kernels", "kernels", kernels));
        }
        if (device != null) {
            over.add(Setting.of("--device", "device", device));
        }
        Layers layers = Layers.load(file, over);
        List<Path> all = new ArrayList<>(named.jars());
        all.addAll(Plugins.at(layers.plugins(), layers.name()).jars());
        Plugins jars = new Plugins(all.stream().distinct().toList());
        Wiring wiring = Wiring.of(jars);
        return new Setup(file, jars, wiring, wiring.get(ExperimentReader.class).read(layers));
    }
}
