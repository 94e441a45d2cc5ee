// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sextant.api.experience.Domain;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;
import org.sextant.models.kernels.MemoryUse;

/** What each role holds after a step, and the most that it held since the process began. */
final class MemoryMetrics {
    static final List<MetricDefinition> DEFINITIONS = List.of(
            bytes("memory/<role>_bytes", "memory held for a role after the step"),
            bytes("memory/<role>_peak_bytes", "most memory ever held for a role by this process"));

    private final SortedMap<String, Long> peaks = new TreeMap<>();

    private static MetricDefinition bytes(String name, String definition) {
        return new MetricDefinition(name, definition, "bytes", Reduction.MEAN, Domain.SCALAR);
    }

    /**
     * @param held now by models and optimisers, by role
     * @param accounted of the kernels, which also know what was held between steps
     */
    void observe(Map<String, Long> held, List<MemoryUse> accounted, Metrics metrics) {
        held.forEach((role, bytes) -> {
            metrics.value("memory/" + role + "_bytes", bytes);
            peaks.merge(role, bytes, Math::max);
        });
        accounted.forEach(use -> peaks.merge(use.role(), use.peakBytes(), Math::max));
        peaks.forEach((role, bytes) -> metrics.value("memory/" + role + "_peak_bytes", bytes));
    }
}
