// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sextant.api.events.LoopEvent;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long seconds;

    private Progress progress(boolean live, int width) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Progress(new Screen(out, live, width), () -> TimeUnit.SECONDS.toNanos(seconds));
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static LoopEvent step(int step, int steps) {
        return new LoopEvent.StepFinished(
                1,
                "rl",
                step,
                steps,
                new TreeMap<>(Map.of(
                        "reward",
                        0.5,
                        "kl",
                        0.0012345,
                        "entropy",
                        1.2345,
                        "completions/mean_length",
                        12.345,
                        "time/generated_tokens_per_second",
                        12345.6,
                        "loss",
                        -1e-9)));
    }

    @Test
    void plainLinesAreThrottled() {
        Progress progress = progress(false, 80);
        progress.on(new LoopEvent.RunStarted("quick", 3, 2));
        progress.on(new LoopEvent.PhaseStarted(1, "rl", 100, 0));
        for (int step = 0; step < 100; step++) {
            seconds++;
            progress.on(step(step, 100));
        }
        List<String> lines = shown().lines().toList();
        assertThat(lines)
                .startsWith(
                        "run quick, seed 3",
                        "phase 2 of 2: rl, 100 steps",
                        "rl 1/100  reward 0.500  kl 0.001  entropy 1.23  length 12.3  12,346 tokens/s  ETA 1:39",
                        "rl 11/100  reward 0.500  kl 0.001  entropy 1.23  length 12.3  12,346 tokens/s  ETA 1:29")
                .endsWith("rl 100/100  reward 0.500  kl 0.001  entropy 1.23  length 12.3  12,346 tokens/s")
                .hasSize(2 + 11);
    }

    @Test
    void liveLineIsWrittenOverAndCutToTheWidth() {
        Progress progress = progress(true, 20);
        progress.on(new LoopEvent.PhaseStarted(0, "rl", 3, 0));
        bytes.reset();
        progress.on(step(0, 3));
        assertThat(shown()).isEqualTo("\u001b[?7l\rrl 1/3  reward 0.50\u001b[K\u001b[?7h");
        progress.on(new LoopEvent.Warned("watch out"));
        assertThat(shown()).endsWith("\rwarning: watch out\u001b[K" + System.lineSeparator());
    }

    @Test
    void resumedPhaseGuessesFromItsOwnSteps() {
        Progress progress = progress(false, 80);
        progress.on(new LoopEvent.PhaseStarted(0, "sft", 100, 50));
        seconds = 20;
        progress.on(new LoopEvent.StepFinished(0, "sft", 59, 100, new TreeMap<>(Map.of("nll", 2.0))));
        assertThat(shown())
                .contains("phase 1 of 0: sft, 100 steps, from step 51")
                .contains("sft 60/100  nll 2.00  ETA 1:20");
    }

    @Test
    void whatAModelWroteCannotSteerTheTerminal() {
        Progress progress = progress(false, 80);
        progress.on(new LoopEvent.SampleShown(0, 9, "1+1=", "2\n\u001b[2J\u0007\u202e\u009b" + "x".repeat(300), 1.0));
        assertThat(shown())
                .startsWith("  sample of step 10: \"1+1=\" -> \"2\\n\\u001b[2J\\u0007\\u202e\\u009bxxx")
                .endsWith("xxx…\", reward 1.00" + System.lineSeparator());
    }

    @Test
    void evaluationsShowAccuraciesInPercent() {
        Progress progress = progress(false, 80);
        progress.on(new LoopEvent.Evaluated(
                1,
                0,
                "before",
                Map.of(
                        "eval/accuracy_sampled",
                        0.4125,
                        "eval/accuracy_greedy",
                        0.5,
                        "eval/accuracy_greedy/2 digits",
                        0.1,
                        "eval/questions",
                        10.0)));
        assertThat(shown())
                .isEqualToIgnoringNewLines("  evaluation before: accuracy greedy 50.0 %, accuracy sampled 41.3 %");
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(0.0, 1e-7, 0.0123, 1.0, 12.34, 1234.5, 2e6, Double.NaN).stream()
                        .map(Text::number))
                .containsExactly("0", "1.0e-07", "0.012", "1.00", "12.3", "1235", "2.0e+06", "NaN");
        assertThat(Text.time(7)).isEqualTo("0:07");
        assertThat(Text.time(3723)).isEqualTo("1:02:03");
    }
}
