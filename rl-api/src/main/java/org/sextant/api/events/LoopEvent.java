// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.events;

import java.util.Map;
import java.util.SortedMap;

/**
 * Something that happened in a run. Listeners only watch; none can change the run. Phases and steps count from 0; an
 * evaluation's step is the number of steps that were taken before it.
 */
public sealed interface LoopEvent {
    /** The configuration is read and the run directory is there. */
    record RunStarted(String name, long seed, int phases) implements LoopEvent {}

    /** A phase begins, or goes on after a resume at {@code fromStep}. */
    record PhaseStarted(int phase, String kind, int steps, int fromStep) implements LoopEvent {}

    /** A step begins. */
    record StepStarted(int phase, int step) implements LoopEvent {}

    /** Answers were sampled and scored. */
    record Collected(int phase, int step, int rows, long tokens) implements LoopEvent {}

    /** One optimiser step was taken; {@code optimiserStep} is the policy's version after it. */
    record Updated(int phase, int step, long optimiserStep) implements LoopEvent {}

    /** A step is over; its numbers by name. */
    record StepFinished(int phase, String kind, int step, int steps, SortedMap<String, Double> metrics)
            implements LoopEvent {}

    /** A question and an answer to look at. */
    record SampleShown(int phase, int step, String prompt, String answer, double reward) implements LoopEvent {}

    /** An evaluation is over. */
    record Evaluated(int phase, int step, String moment, Map<String, Double> metrics) implements LoopEvent {}

    /** Everything that a resume needs is on disk, under {@code path}. */
    record CheckpointSaved(int phase, int step, String path) implements LoopEvent {}

    /** All steps of a phase were taken. */
    record PhaseFinished(int phase, String kind) implements LoopEvent {}

    /** The run is over; the contents of {@code summary.json}. */
    record RunFinished(Map<String, Object> summary) implements LoopEvent {}

    /** Something that a person should know, but that does not stop the run. */
    record Warned(String message) implements LoopEvent {}
}
