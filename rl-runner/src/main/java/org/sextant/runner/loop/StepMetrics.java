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
            seconds(
                    "time/<activity>_seconds",
                    "the part of it that an activity took: collect (generate and reward), score, values, update"),
            seconds("time/generate_seconds", "the part of collecting that was not spent on rewards"),
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
                    Domain.SCALAR));

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
                double gained = gained(ledger, total.getKey());
                if (gained > 0) {
                    metrics.value("time/" + total.getKey().substring("seconds/".length()) + "_seconds", gained);
                }
            }
        }
        double tokens = gained(ledger, "tokens/generated");
        double seconds = gained(ledger, "seconds/collect");
        if (seconds > 0) {
            metrics.value("time/generate_seconds", seconds - gained(ledger, "seconds/reward"));
            metrics.value("time/generated_tokens_per_second", tokens / seconds);
        }
        metrics.value("num_tokens", ledger.total("tokens/generated"));
    }

    private double gained(Ledger ledger, String key) {
        return ledger.total(key) - before.getOrDefault(key, 0.0);
    }
}
