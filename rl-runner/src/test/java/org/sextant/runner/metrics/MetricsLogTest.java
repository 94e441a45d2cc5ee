// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.api.events.LoopEvent;
import org.sextant.runner.directory.JsonLines;

class MetricsLogTest {
    @TempDir
    Path folder;

    @Test
    void stepsAndEvaluationsAreLines() {
        Path file = folder.resolve("metrics.jsonl");
        try (JsonLines lines = JsonLines.open(file)) {
            MetricsLog log = new MetricsLog(lines);
            log.on(new LoopEvent.StepStarted(1, 7));
            log.on(new LoopEvent.Evaluated(1, 7, "before", new TreeMap<>(Map.of("eval/accuracy_greedy", 0.25))));
            log.on(new LoopEvent.StepFinished(
                    1, "rl", 7, 9, new TreeMap<>(Map.of("reward", 0.5, "kl", Double.NaN, "x", 1 / 0.0))));
        }
        assertThat(file).hasContent("""
            {"phase":1,"moment":"before","step":7,"eval/accuracy_greedy":0.25}
            {"phase":1,"kind":"rl","step":7,"kl":null,"reward":0.5,"x":null}
            """);
    }
}
