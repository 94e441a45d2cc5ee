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
        ServiceFiles.check(plugins.jars(), loader);
        try {
            List<Module> modules = new ArrayList<>(List.of(new ProvidersModule(loader)));
            ServiceLoader.load(Module.class, loader).forEach(modules::add);
            return new Wiring(Guice.createInjector(Stage.PRODUCTION, modules));
        } catch (CreationException e) {
            throw broken(e);
        } catch (ServiceConfigurationError e) {
            String cause = e.getCause() == null ? "" : ", " + e.getCause();
            throw new WiringException("a plugin cannot be loaded: " + e.getMessage() + cause, e);
        }
    }

    /** Something of the plugins' injector. */
    public <T> T get(Class<T> type) {
        return plugins.getInstance(type);
    }

    /**
     * The injector of one run. What a constructor throws comes out as it was thrown.
     *
     * @throws WiringException if the modules do not fit together
     */
    public Injector run(Module... modules) {
        try {
            return plugins.createChildInjector(modules);
        } catch (CreationException e) {
            throw broken(e);
        }
    }

    private static RuntimeException broken(CreationException e) {
        return e.getErrorMessages().stream()
                .map(Message::getCause)
                .filter(RuntimeException.class::isInstance)
                .map(RuntimeException.class::cast)
                .findFirst()
                .orElseGet(() -> new WiringException(
                        e.getErrorMessages().stream()
                                .map(Wiring::text)
                                .collect(Collectors.joining(System.lineSeparator())),
                        e));
    }

    /** Our own messages are whole; Guice's lack the places. */
    private static String text(Message message) {
        return message.getMessage().startsWith("two ")
                ? message.getMessage()
                : "plugins do not fit together: " + message.getMessage() + " (" + message.getSource() + ")";
    }
}
