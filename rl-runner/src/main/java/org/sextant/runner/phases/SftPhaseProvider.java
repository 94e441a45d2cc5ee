// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import java.util.Set;
import org.sextant.api.algorithm.DataKind;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.config.Range;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.phase.Assembly;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseProvider;

/** Phase {@code sft}. */
public final class SftPhaseProvider implements PhaseProvider {
    @Override
    public String name() {
        return "sft";
    }

    @Override
    public String summary() {
        return "imitate the task's demonstrations: the warm start, or a control beside RL";
    }

    @Override
    public Phase create(ConfigReader own, Assembly assembly) {
        return new SftPhase(
                own.integer("steps", Range.atLeast(0)),
                own.integer("rows-per-step", Range.atLeast(1)),
                own.bool("evaluate"),
                Fit.algorithm(own, assembly, DataKind.DEMONSTRATIONS, Set.of(), needs -> Demonstrations.columns()),
                OptimiserSettings.read(own.object("optimiser")));
    }
}
