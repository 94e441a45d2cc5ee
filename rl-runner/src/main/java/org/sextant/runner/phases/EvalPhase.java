// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.Optional;
import java.util.Set;
import org.sextant.api.algorithm.Coupling;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.metrics.Metrics;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseContext;

/** Evaluates the model that the phase before left. */
final class EvalPhase implements Phase {
    private final String moment;
    private PhaseContext context;

    /** @param moment label of the evaluation in {@code eval.jsonl} */
    EvalPhase(String moment) {
        this.moment = moment;
    }

    @Override
    public String kind() {
        return "eval";
    }

    @Override
    public int steps() {
        return 0;
    }

    @Override
    public Needs needs() {
        return new Needs(DataKind.ROLLOUTS, Set.of(), Optional.empty(), Set.of(), Set.of(), Coupling.ROW);
    }

    @Override
    public void begin(PhaseContext given) {
        context = given;
    }

    @Override
    public Metrics step(int step) {
        throw new IllegalStateException("phase 'eval' has no steps");
    }

    @Override
    public void end() {
        context.evaluate(moment, 0);
    }
}
