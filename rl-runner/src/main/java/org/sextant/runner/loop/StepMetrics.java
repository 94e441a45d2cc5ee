// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.List;
import java.util.Map;
import org.sextant.api.experience.Domain;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.MetricDefinition.Reduction;
import org.sextant.api.metrics.Metrics;

/** Seconds, tokens and speed of one step, from what the ledger gained in it. What is under {@code time/} and {@code
 * memory/} describes the process, not the run: it differs between equal runs. */
final class StepMetrics {
    static final List<MetricDefinition> DEFINITIONS = List.of(
            seconds("time/step_seconds", "wall-clock time of the step"),
            seconds("time/<activity>_seconds", "the part of it that an activity took: collect, score, update"),
            new MetricDefinition(
                    "time/generated_tokens_per_second",
                    "answer tokens of the step by the seconds of collecting",
                    "tokens/s",
                    Reduction.MEAN,
                    Domain.SCALAR),
            new MetricDefinition(
                    "num_tokens",
                    "answer tokens generated for training so far",
                    "tokens",
                    Reduction.MEAN,
                    Domain.SCALAR),
            new MetricDefinition(
                    "memory/<role>_bytes", "memory held for a role", "bytes", Reduction.MEAN, Domain.SCALAR));

    private final Map<String, Double> before;
    private final long start = System.nanoTime();

    private StepMetrics(Map<String, Double> before) {
        this.before = before;
    }

    static StepMetrics start(Ledger ledger) {
        return new StepMetrics(ledger.totals());
    }

    private static MetricDefinition seconds(String name, String definition) {
        return new MetricDefinition(name, definition, "seconds", Reduction.MEAN, Domain.SCALAR);
    }

    void finish(Ledger ledger, Metrics metrics) {
        metrics.value("time/step_seconds", (System.nanoTime() - start) * 1e-9);
        for (Map.Entry<String, Double> total : ledger.totals().entrySet()) {
            if (total.getKey().startsWith("seconds/")) {
                double gained = total.getValue() - before.getOrDefault(total.getKey(), 0.0);
                if (gained > 0) {
                    metrics.value("time/" + total.getKey().substring("seconds/".length()) + "_seconds", gained);
                }
            }
        }
        double tokens = ledger.total("tokens/generated") - before.getOrDefault("tokens/generated", 0.0);
        double seconds = ledger.total("seconds/collect") - before.getOrDefault("seconds/collect", 0.0);
        if (seconds > 0) {
            metrics.value("time/generated_tokens_per_second", tokens / seconds);
        }
        metrics.value("num_tokens", ledger.total("tokens/generated"));
    }
}
