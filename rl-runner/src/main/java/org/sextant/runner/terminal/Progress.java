// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.terminal;

import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.sextant.api.events.LoopEvent;
import org.sextant.api.events.LoopListener;

/**
 * Shows a run as it goes: on a terminal a line that is written over at each step; elsewhere (a file, a pipe) plain lines, at most one in ten seconds
 * and those of the first and last step of a phase. Samples, evaluations and warnings stay on both.
 */
public final class Progress implements LoopListener {
    private static final long BETWEEN_LINES = 10_000_000_000L;

    private final Screen screen;
    private final LongSupplier nanos;
    private final Pace pace;
    private int phases;
    private long lastLine;

    public Progress(Screen screen) {
        this(screen, System::nanoTime);
    }

    Progress(Screen screen, LongSupplier nanos) {
        this.screen = screen;
        this.nanos = nanos;
        this.pace = new Pace(nanos);
    }

    @Override
    public void on(LoopEvent event) {
        switch (event) {
            case LoopEvent.RunStarted e -> {
                phases = e.phases();
                screen.keep("run " + e.name() + ", seed " + e.seed());
            }
            case LoopEvent.PhaseStarted e -> phaseStarted(e);
            case LoopEvent.StepFinished e -> stepFinished(e);
            case LoopEvent.SampleShown e ->
                screen.keep("  sample of step " + (e.step() + 1) + ": " + Text.quoted(e.prompt()) + " -> "
                        + Text.quoted(e.answer()) + ", reward " + Text.number(e.reward()));
            case LoopEvent.Evaluated e -> screen.keep("  evaluation " + e.moment() + ": " + accuracies(e.metrics()));
            case LoopEvent.Warned e -> screen.keep("warning: " + e.message());
            default -> {}
        }
    }

    private void phaseStarted(LoopEvent.PhaseStarted e) {
        pace.start(e.fromStep());
        String from = e.fromStep() > 0 ? ", from step " + (e.fromStep() + 1) : "";
        screen.keep(
                "phase " + (e.phase() + 1) + " of " + phases + ": " + e.kind() + ", " + e.steps() + " steps" + from);
    }

    private void stepFinished(LoopEvent.StepFinished e) {
        int done = e.step() + 1;
        boolean last = done == e.steps();
        String line = StepLine.of(e, last ? Double.NaN : pace.secondsLeft(done, e.steps()));
        if (screen.live() && !last) {
            screen.over(line);
        } else if (last || e.step() == 0 || nanos.getAsLong() - lastLine >= BETWEEN_LINES) {
            screen.keep(line);
            lastLine = nanos.getAsLong();
        }
    }

    /** {@code accuracy_greedy 81.0 %, accuracy_sampled 78.2 %}; by difficulty they are in the files. */
    private static String accuracies(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .filter(e -> e.getKey().matches("eval/accuracy_[^/]+"))
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey().substring("eval/".length()).replace('_', ' ') + " " + Text.share(e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
