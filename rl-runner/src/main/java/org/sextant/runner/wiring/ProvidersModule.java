// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import java.net.URL;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.sextant.api.algorithm.AlgorithmProvider;
import org.sextant.api.config.Provider;
import org.sextant.api.environment.EnvironmentProvider;
import org.sextant.api.environment.TaskProvider;
import org.sextant.api.phase.PhaseProvider;
import org.sextant.api.reward.RewardProvider;
import org.sextant.models.network.NetworkProvider;

/**
 * Adapts what {@link ServiceLoader} finds into map binders. A jar that wants injection in its providers ships a Guice module that adds to the
 * same map binders instead.
 */
final class ProvidersModule extends AbstractModule {
    /** What a plugin can be. */
    static final List<Class<? extends Provider<?>>> KINDS = List.of(
            AlgorithmProvider.class,
            RewardProvider.class,
            TaskProvider.class,
            EnvironmentProvider.class,
            PhaseProvider.class,
            NetworkProvider.class);

    private final ClassLoader loader;

    ProvidersModule(ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().requireExactBindingAnnotations();
        binder().requireAtInjectOnConstructors();
        binder().disableCircularProxies();
        bindAll("algorithms", AlgorithmProvider.class);
        bindAll("rewards", RewardProvider.class);
        bindAll("tasks", TaskProvider.class);
        bindAll("environments", EnvironmentProvider.class);
        bindAll("phases", PhaseProvider.class);
        bindAll("networks", NetworkProvider.class);
        bind(Catalogs.class);
        bind(ExperimentReader.class);
    }

    private <P extends Provider<?>> void bindAll(String kinds, Class<P> type) {
        MapBinder.newMapBinder(binder(), String.class, type);
        Map<String, P> named = new TreeMap<>();
        for (P provider : ServiceLoader.load(type, loader)) {
            P first = named.putIfAbsent(provider.name(), provider);
            if (first != null) {
                addError(
                        "two %s are named '%s': %s and %s; leave one of the jars out",
                        kinds, provider.name(), source(first), source(provider));
            }
        }
        // Named by their sources, so that a clash with a jar's own module shows both as well.
        named.forEach(
                (name, provider) -> MapBinder.newMapBinder(binder().withSource(source(provider)), String.class, type)
                        .addBinding(name)
                        .toInstance(provider));
    }

    /** What a message about a duplicate shows: class and jar. */
    static String source(Object provider) {
        CodeSource code = provider.getClass().getProtectionDomain().getCodeSource();
        URL jar = code == null ? null : code.getLocation();
        String file = jar == null ? "" : " in " + jar.getPath().replaceAll(".*/(?=[^/]+/?$)", "");
        return provider.getClass().getName() + file;
    }
}
