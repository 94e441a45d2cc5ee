// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.phase;

import java.util.List;
import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.model.RoleSettings;
import org.sextant.api.rollout.Sampling;
import org.sextant.api.state.Stateful;

/**
 * One stage of a run: warm start, reinforcement learning, evaluation. The runner calls {@link #begin}, then
 * {@link #step} for each step that is left, saving checkpoints between steps, then {@link #end}. After a resume,
 * {@link #load} comes between {@code begin} and the next step. A phase is bounded by steps, never by time.
 */
public interface Phase extends Stateful {
    /** Name in the config. */
    String kind();

    /** Number of steps; 0 for a phase that does all its work in {@link #end}. */
    int steps();

    /** What it needs from the runner, known before any model is loaded. */
    Needs needs();

    /** Where the models besides the policy come from that its needs name, and how they change; known just as early. */
    default RoleSettings roles() {
        return RoleSettings.FROZEN;
    }

    /** Whether the runner evaluates the policy before the first step, every so many steps, and after the last. */
    default boolean measured() {
        return false;
    }

    /** Models are there. */
    void begin(PhaseContext context);

    /**
     * One step; {@code step} counts from 0. Everything it does depends on the seed, the step and the saved state alone.
     */
    Metrics step(int step);

    /** All steps are done. */
    default void end() {}

    /**
     * What it computes and what that costs, for people.
     *
     * @param sampling how answers are sampled
     * @param maxNewTokens longest answer of one turn, in tokens
     */
    default Explanation explain(Sampling sampling, int maxNewTokens) {
        return new Explanation();
    }

    default List<MetricDefinition> metrics() {
        return List.of();
    }
}
