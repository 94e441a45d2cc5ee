// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The two injectors of the program: one of plugins, which reads configurations, and below it one for each run.
 *
 * <pre>{@code
 * Wiring wiring = Wiring.of(plugins);
 * Experiment experiment = wiring.get(ExperimentReader.class).read(layers);
 * TrainingRun run = wiring.run(new RunModule(experiment, …)).getInstance(TrainingRun.class);
 * }</pre>
 */
public final class Wiring {
    private final Injector plugins;

    private Wiring(Injector plugins) {
        this.plugins = plugins;
    }

    /**
     * Finds all plugins on the class path and in these jars.
     *
     * @throws WiringException if two have one name, or a jar is broken
     */
    public static Wiring of(Plugins plugins) {
        ClassLoader loader = plugins.loader();
        try {
            List<Module> modules = new ArrayList<>(List.of(new ProvidersModule(loader)));
            ServiceLoader.load(Module.class, loader).forEach(modules::add);
            return new Wiring(Guice.createInjector(Stage.PRODUCTION, modules));
        } catch (CreationException e) {
            throw broken(e);
        } catch (ServiceConfigurationError e) {
            throw new WiringException("a plugin cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** Something of the plugins' injector. */
    public <T> T get(Class<T> type) {
        return plugins.getInstance(type);
    }

    /** The injector of one run. */
    public Injector run(Module... modules) {
        try {
            return plugins.createChildInjector(modules);
        } catch (CreationException e) {
            throw broken(e);
        }
    }

    private static WiringException broken(CreationException e) {
        boolean ours = e.getErrorMessages().stream().allMatch(m -> m.getMessage().startsWith("two "));
        String text = ours
                ? e.getErrorMessages().stream().map(Message::getMessage).collect(Collectors.joining(System.lineSeparator()))
                : "plugins do not fit together: " + e.getMessage();
        return new WiringException(text, e);
    }
}
