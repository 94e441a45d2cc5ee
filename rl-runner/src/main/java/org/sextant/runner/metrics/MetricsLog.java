// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;
import org.sextant.runner.directory.JsonLines;

/**
 * Writes {@code metrics.jsonl}: a line for each step, {@code {"phase": 1, "kind": "rl", "step": 0, "reward": 0.5, …}}, and one for each evaluation,
 * which has {@code "moment"} instead of {@code "kind"}. A number that is not finite is null. No line has a time of day, so runs can be compared by
 * their files.
 */
public final class MetricsLog implements LoopListener {
    private final JsonLines lines;

    public MetricsLog(JsonLines lines) {
        this.lines = lines;
    }

    @Override
    public void on(LoopEvent event) {
        switch (event) {
            case LoopEvent.StepFinished e -> add(e.phase(), "kind", e.kind(), e.step(), e.metrics());
            case LoopEvent.Evaluated e -> add(e.phase(), "moment", e.moment(), e.step(), e.metrics());
            default -> {}
        }
    }

    private void add(int phase, String label, String text, int step, Map<String, Double> metrics) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("phase", phase);
        line.put(label, text);
        line.put("step", step);
        metrics.forEach((name, value) -> line.put(name, Double.isFinite(value) ? value : null));
        lines.add(line);
    }
}
