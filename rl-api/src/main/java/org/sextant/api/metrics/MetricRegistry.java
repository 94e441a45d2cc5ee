// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.metrics;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The metrics that a run may write. A name that nobody defined, or that two define differently, is an error. */
public final class MetricRegistry {
    private final SortedMap<String, MetricDefinition> definitions = new TreeMap<>();
    private final SortedMap<String, Pattern> patterns = new TreeMap<>();

    /** Adds definitions; the same definition may come twice. */
    public void define(Collection<MetricDefinition> more) {
        for (MetricDefinition d : more) {
            MetricDefinition held = definitions.putIfAbsent(d.name(), d);
            if (held != null && !held.equals(d)) {
                throw new IllegalArgumentException("metric '" + d.name() + "' is defined twice: " + held + " and " + d);
            }
            if (d.name().contains("<")) {
                String[] fixed = d.name().split("<[^>]*>", -1);
                StringBuilder regex = new StringBuilder(Pattern.quote(fixed[0]));
                for (int i = 1; i < fixed.length; i++) {
                    regex.append("[^/]+").append(Pattern.quote(fixed[i]));
                }
                patterns.put(d.name(), Pattern.compile(regex.toString()));
            }
        }
    }

    /** All definitions, sorted by name. */
    public Collection<MetricDefinition> definitions() {
        return definitions.values();
    }

    /** The definition of a name, or of the pattern that it fits. */
    public Optional<MetricDefinition> find(String name) {
        return Optional.ofNullable(definitions.get(name))
                .or(() -> patterns.entrySet().stream()
                        .filter(entry -> entry.getValue().matcher(name).matches())
                        .map(entry -> definitions.get(entry.getKey()))
                        .findFirst());
    }

    /** Fails if a name has no definition. */
    public void check(Metrics metrics) {
        for (String name : metrics.values().keySet()) {
            if (find(name).isEmpty()) {
                throw new IllegalArgumentException(
                        "metric '" + name + "' has no definition; declare it in metrics() of "
                                + "the algorithm, reward or phase that writes it");
            }
        }
    }
}
