// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import org.sextant.api.algorithm.DataKind;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.phase.Assembly;
import org.sextant.api.phase.Phase;
import org.sextant.api.phase.PhaseProvider;

/** Phase {@code rl}. */
public final class RlPhaseProvider implements PhaseProvider {
    @Override
    public String name() {
        return "rl";
    }

    @Override
    public String summary() {
        return "sample answers, score them, and improve the policy with any on-policy algorithm";
    }

    @Override
    public Phase create(ConfigReader own, Assembly assembly) {
        return new RlPhase(
                RlSettings.read(own), Fit.algorithm(own, assembly, DataKind.ROLLOUTS, RlPhase.ROLES, RlPhase::columns));
    }
}
