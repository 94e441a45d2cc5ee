// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.util.List;
import java.util.Map;
import org.sextant.api.events.LoopEvent.StepFinished;

/** One step in one line: {@code rl 12/150  reward 0.52  kl 0.003  entropy 0.81  length 4.1  1,230 tokens/s  ETA 1:20}. */
final class StepLine {
    /** A number that is shown if the step has it; the first of several names that is there. */
    private record Shown(String label, List<String> names) {}

    private static final List<Shown> NUMBERS = List.of(
            new Shown("reward", List.of("reward")),
            new Shown("nll", List.of("nll", "loss")),
            new Shown("kl", List.of("kl", "objective/kl")),
            new Shown("entropy", List.of("entropy", "sampling/entropy_estimate")),
            new Shown("length", List.of("completions/mean_length")));
    private static final String SPEED = "time/generated_tokens_per_second";

    private StepLine() {}

    /** @param secondsLeft until the phase is done; not shown if it is not known (NaN) */
    static String of(StepFinished step, double secondsLeft) {
        Map<String, Double> metrics = step.metrics();
        StringBuilder line = new StringBuilder();
        line.append(step.kind()).append(' ').append(step.step() + 1).append('/').append(step.steps());
        boolean rewarded = metrics.containsKey("reward");
        for (Shown shown : NUMBERS) {
            // The loss of a step with rewards is near 0 by construction and says nothing to a person.
            if (rewarded && shown.label().equals("nll")) {
                continue;
            }
            shown.names().stream()
                    .filter(metrics::containsKey)
                    .findFirst()
                    .ifPresent(name ->
                            line.append("  ").append(shown.label()).append(' ').append(Text.number(metrics.get(name))));
        }
        if (metrics.containsKey(SPEED)) {
            line.append("  ").append(Text.count(metrics.get(SPEED))).append(" tokens/s");
        }
        if (Double.isFinite(secondsLeft)) {
            line.append("  ETA ").append(Text.time(secondsLeft));
        }
        return line.toString();
    }
}
