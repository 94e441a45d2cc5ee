// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.phases;

import org.sextant.api.algorithm.Explanation;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.model.CriticSettings;
import org.sextant.api.model.ModelSource;
import org.sextant.api.model.ReferenceSettings;
import org.sextant.api.model.Role;

/** Settings of a phase {@code rl} that are legal and do nothing, or not what they seem to. */
final class RlCautions {
    private RlCautions() {}

    static Explanation of(RlSettings settings, Needs needs, int updates, int maxNewTokens) {
        Explanation said = new Explanation();
        CriticSettings critic = settings.critic();
        boolean criticSet = !(critic.from() instanceof ModelSource.Start)
                || critic.trunk() == CriticSettings.Trunk.POLICY
                || critic.pretrainSteps() > 0;
        said.warnIf(
                criticSet && !needs.roles().contains(Role.CRITIC),
                "block critic is set, and this algorithm has no critic; choose ppo or credit.kind = gae, or leave the"
                        + " block out");
        ReferenceSettings reference = settings.reference();
        said.warnIf(
                (reference.moves() || !(reference.from() instanceof ModelSource.Start))
                        && !needs.roles().contains(Role.REFERENCE),
                "block reference is set, and nothing measures from it; set kl.coefficient above 0, or leave the block"
                        + " out");
        said.warnIf(
                settings.targetKl().isPresent() && updates == 1,
                "target-kl is set, and a step ends after its one update anyway; raise mini-batches or epochs, or leave"
                        + " it out");
        said.warnIf(
                settings.samplingRounds() > 1 && needs.rollout().orElseThrow().samplesPerPrompt() == 1,
                "dynamic-sampling.rounds is above 1 with samples-per-prompt = 1: one answer alone never differs from"
                        + " its group, so every group is dropped and nothing is learned");
        settings.answers()
                .overlong()
                .ifPresent(overlong -> said.warnIf(
                        overlong.limit() - overlong.buffer() >= maxNewTokens,
                        "answers.overlong begins at " + (overlong.limit() - overlong.buffer())
                                + " tokens, and sampling.max-new-tokens = " + maxNewTokens
                                + " ends answers before; set the limit to sampling.max-new-tokens"));
        return said;
    }
}
