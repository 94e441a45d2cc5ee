// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sextant.runner.config.Layers;
import org.sextant.runner.directory.JsonLines;
import org.sextant.runner.directory.RunDirectory;
import org.sextant.runner.wiring.Experiment;
import org.sextant.runner.wiring.Fakes;

class ClosingTableTest {
    @TempDir
    Path runs;

    @Test
    void beforeAfterCostAndPlaces() {
        String hocon = "task { name = counting }, reward { name = constant }, phases = [ { kind = rest } ]";
        Experiment experiment = Fakes.read(Layers.parse("x.conf", hocon, List.of()));
        Map<String, Object> summary = Map.of(
                "eval/accuracy_sampled_before", 0.412,
                "eval/accuracy_sampled_after", 0.83,
                "eval/accuracy_greedy_before", 0.5,
                "eval/accuracy_greedy_after", 0.45,
                "eval/questions", 1000,
                "tokens_generated", 123456L,
                "wall_seconds", 83.4,
                "seed", 1L,
                "steps_before", 7);
        try (RunDirectory run = RunDirectory.open(runs, experiment.config(), experiment.resolved(), false)) {
            JsonLines.open(run.metrics()).close();
            run.writeSummary(summary);
            Path one = runs.resolve("x").resolve("1");
            assertThat(ClosingTable.lines(summary, run))
                    .containsExactly(
                            "                            before     after    change",
                            "accuracy greedy             50.0 %    45.0 %      -5.0",
                            "accuracy sampled            41.2 %    83.0 %     +41.8",
                            "1,000 questions, 123,456 tokens generated, 1:23 of wall clock, seed 1",
                            "",
                            "summary  " + one.resolve("summary.json"),
                            "metrics  " + one.resolve("metrics.jsonl"));
        }
    }
}
