// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.wiring;

import jakarta.inject.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.sextant.runner.config.HoconReader;
import org.sextant.runner.config.Layers;
import org.sextant.runner.config.Nearest;

/**
 * All providers of one kind by name. A provider is only asked for when the configuration names it.
 *
 * @param kind what is provided, for messages: {@code algorithm}
 * @param byName providers
 * @param <P> type of the provider
 */
public record Catalog<P extends org.sextant.api.config.Provider<?>>(
        String kind, SortedMap<String, Provider<P>> byName) {
    public Catalog(String kind, Map<String, Provider<P>> byName) {
        this(kind, new TreeMap<>(byName));
    }

    /**
     * The part that a block names, made from the block over the provider's defaults. What is wrong is reported to the block; then the result is
     * empty and the block's other keys are not judged.
     *
     * @param key {@code name} or {@code kind}
     */
    <T> Optional<T> build(HoconReader block, String key, BiFunction<P, HoconReader, T> create) {
        String name = block.string(key);
        Provider<P> provider = byName.get(name);
        if (provider == null) {
            if (!name.isEmpty()) {
                block.problem(
                        key,
                        "found '" + name + "', which is no " + kind + Nearest.hint(name, byName.keySet()) + "; known: "
                                + String.join(", ", byName.keySet()));
            }
            block.abandon();
            return Optional.empty();
        }
        P chosen = provider.get();
        HoconReader own = block.withDefaults(Layers.defaults(chosen.defaults(), "defaults of " + kind + " " + name));
        try {
            return Optional.of(create.apply(chosen, own));
        } catch (IllegalArgumentException | IllegalStateException e) {
            if (!own.hasProblems()) {
                own.problem(e.getMessage());
            }
            return Optional.empty();
        } catch (LinkageError e) {
            own.problem(ServiceFiles.misfit(ProvidersModule.source(chosen), e));
            return Optional.empty();
        }
    }
}
