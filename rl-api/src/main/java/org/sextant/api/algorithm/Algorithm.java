// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import java.util.List;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Rows;
import org.sextant.api.metrics.MetricDefinition;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.state.Stateful;

/**
 * One learning rule. The loop calls, for each step: {@link #curate} on what was collected, {@link #credit} on what is
 * left, then {@link #objective} on each optimiser batch (in slices, if {@link Coupling} allows it).
 *
 * <p>An algorithm sees columns and model outputs, never a tensor, an environment or the runner.
 */
public interface Algorithm extends Stateful {
    /** What the runner must provide; asked before any model is loaded. */
    Needs needs();

    /**
     * Which rows to learn from, and in what order: select, drop, de-duplicate, pair. Called before other models score the
     * rows, so the columns of {@link Needs#columns} are not there yet.
     */
    default Rows curate(Experience raw) {
        return Rows.all(raw.rows());
    }

    /**
     * New columns (advantages, returns, weights) from the curated batch of one step; mutates nothing in it.
     *
     * @param metrics receives what is worth logging about the credit
     */
    Columns credit(Experience experience, Metrics metrics);

    /** The loss on one slice of an optimiser batch. Called many times; must not change the algorithm. */
    Objective objective(LossScope batch);

    /**
     * The objective as a formula with its settings, and warnings of settings that are known to be mistakes; empty if the algorithm says nothing.
     *
     * @param where what it is used under
     */
    default Explanation explain(Circumstances where) {
        return new Explanation();
    }

    /** Definitions of the metrics that this algorithm writes. */
    default List<MetricDefinition> metrics() {
        return List.of();
    }
}
