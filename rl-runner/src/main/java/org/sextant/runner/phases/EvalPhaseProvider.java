// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import org.sextant.api.config.ConfigReader;
import org.sextant.api.phase.Assembly;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseProvider;

/** Phase {@code eval}. */
public final class EvalPhaseProvider implements PhaseProvider {
    @Override
    public String name() {
        return "eval";
    }

    @Override
    public String summary() {
        return "evaluate the model as it is at this point of the run";
    }

    @Override
    public Phase create(ConfigReader own, Assembly assembly) {
        return new EvalPhase(own.string("moment"));
    }
}
