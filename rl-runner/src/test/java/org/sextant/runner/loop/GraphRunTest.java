// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sextant.api.events.LoopEvent;

@DisplayName("A run of a Deeplearning4j network")
class GraphRunTest {
    private static final String LSTM =
            "model.network { name = dl4j-lstm, context = 16, embedding = 6, hidden = 8, layers = 2, %s }\n";
    private static final String PHASES = """
        phases = [
          { kind = sft, steps = 2, rows-per-step = 8, optimiser.learning-rate = 0.01 }
          { kind = rl, steps = 2, prompts-per-step = 4, mini-batches = 2, optimiser.learning-rate = 0.01
            algorithm { name = grpo, samples-per-prompt = 3, kl.coefficient = 0.1 } }
        ]
        """;

    @TempDir
    Path folder;

    private SmallRun run(String name) {
        return new SmallRun(folder.resolve(name)).ofNetwork();
    }

    @ParameterizedTest
    @CsvSource({"ours, 1", "ours, 3", "own, 1", "own, 3"})
    @DisplayName("Goes on after a kill as if nothing had happened, whoever moves the weights")
    void resumes(String updater, int killedAfter) throws Exception {
        String hocon = PHASES + LSTM.formatted("dropout = 0.2, updater = " + updater);
        SmallRun straight = run("straight");
        straight.run(hocon);
        SmallRun killed = run("killed").dyingAfter(killedAfter);
        assertThatThrownBy(() -> killed.run(hocon)).isInstanceOf(SmallRun.Killed.class);
        SmallRun resumed = killed.next();
        resumed.run(hocon);
        assertThat(resumed.metrics).isEqualTo(straight.metrics);
        assertThat(resumed.answers).isEqualTo(straight.answers);
        for (String file : List.of("network.zip", "network.json")) {
            assertThat(folder.resolve("killed/model/" + file))
                    .hasSameBinaryContentAs(folder.resolve("straight/model/" + file));
        }
        assertThat(Files.readString(folder.resolve("killed/model/network.json")))
                .contains("\"updater\": \"" + updater + "\"");
        // Each phase moved them.
        assertThat(Files.mismatch(
                        folder.resolve("straight/models/phase-0/network.zip"),
                        folder.resolve("straight/model/network.zip")))
                .isNotNegative();
    }

    @Test
    @DisplayName("Has its start as reference, critic and reward model")
    void roles() throws Exception {
        SmallRun run = run("roles");
        run.run("phases = [ { kind = rl, steps = 2, prompts-per-step = 4, algorithm { name = every-role }"
                + ", optimiser.learning-rate = 0.05 } ]\n"
                + LSTM.formatted("heads = [value, score]"));
        List<SortedMap<String, Double>> steps = run.events.stream()
                .filter(LoopEvent.StepFinished.class::isInstance)
                .map(event -> ((LoopEvent.StepFinished) event).metrics())
                .toList();
        assertThat(steps.getFirst().get("largest_value")).isPositive();
        assertThat(steps.getFirst().get("largest_score")).isPositive();
        // Sampling steps and scoring passes differ in rounding alone.
        assertThat(steps.getFirst().get("moved")).isLessThan(1e-5);
        assertThat(steps.getLast().get("moved")).isGreaterThan(1e-3);
    }
}
