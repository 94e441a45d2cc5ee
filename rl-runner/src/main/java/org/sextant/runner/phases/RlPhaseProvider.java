// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import org.sextant.api.algorithm.Algorithm;
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
        RlSettings settings = RlSettings.read(own);
        Algorithm algorithm = Fit.algorithm(own, assembly, DataKind.ROLLOUTS, ModelColumns.ROLES, ModelColumns::of);
        if (settings.targetKl().isPresent() && !measures(algorithm)) {
            own.problem(
                    "target-kl",
                    "the algorithm does not measure " + RlSettings.APPROX_KL
                            + "; leave target-kl out, or choose an algorithm that does");
        }
        if (settings.answers().active() && ofComponents(algorithm)) {
            own.problem(
                    "answers",
                    "its rules are about the reward of the run, and the algorithm learns from components of it as they"
                            + " are; leave algorithm.rewards.components empty, or the rules out");
        }
        return new RlPhase(settings, algorithm);
    }

    private static boolean ofComponents(Algorithm algorithm) {
        return algorithm.needs().columns().stream()
                .anyMatch(column -> column.name().startsWith("rewards/"));
    }

    private static boolean measures(Algorithm algorithm) {
        return algorithm.metrics().stream().anyMatch(metric -> metric.name().equals(RlSettings.APPROX_KL));
    }
}
