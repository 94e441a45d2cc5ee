// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sextant.api.metrics.Ledger;

/** The flat keys of {@code summary.json}. */
final class Summary {
    private Summary() {}

    /** <em>before</em> is the first evaluation of that moment, the model that RL (or a measured control) starts from; <em>after</em> is the last. */
    static Map<String, Object> of(String name, long seed, long steps, EvaluationLog evaluations, Ledger ledger) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("name", name);
        summary.put("seed", seed);
        summary.put("steps", steps);
        put(summary, evaluations.first("before"), "before");
        put(summary, evaluations.last("after"), "after");
        summary.put("wall_seconds", ledger.total(WallClock.KEY));
        summary.put("tokens_generated", (long) ledger.total("tokens/generated"));
        summary.put("tokens_generated_evaluation", (long) ledger.total("tokens/generated_evaluation"));
        ledger.totals().forEach((key, total) -> {
            if (!key.equals(WallClock.KEY)) {
                summary.put("ledger/" + key, total);
            }
        });
        return summary;
    }

    private static void put(Map<String, Object> summary, Optional<EvaluationLog.Entry> entry, String moment) {
        entry.ifPresent(e -> e.metrics().forEach((metric, value) -> {
            if (metric.equals("eval/questions")) {
                summary.put(metric, value.longValue());
                return;
            }
            int slash = metric.indexOf('/', "eval/".length());
            String key = slash < 0
                    ? metric + "_" + moment
                    : metric.substring(0, slash) + "_" + moment + metric.substring(slash);
            summary.put(key, value);
        }));
    }
}
