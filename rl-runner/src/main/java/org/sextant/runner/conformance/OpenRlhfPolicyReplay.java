// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Optional;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.aggregation.Aggregation.Kind;
import org.sextant.algorithms.credit.AnswerCredit;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.grpo.Grpo;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;

/** OpenRLHF's policy loss over advantages by token: PPO's clip, or GSPO's ratio of answers. */
final class OpenRlhfPolicyReplay implements Replay {
    private static final Credit CREDIT =
            Credit.of(AnswerCredit.of(new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 1e-9, Single.ZERO)));

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values mask = given.values("action_mask", 2);
        Experience batch = Padded.batch(Padded.layout(mask), mask.flags())
                .with(Standard.OLD_LOGP, given.values("old_log_probs", 2).flat())
                .with(Standard.ADVANTAGES, given.values("advantages", 2).flat());
        Grpo grpo = new Grpo(OnPolicyConfig.of(2, CREDIT, surrogate(given)).with(aggregation(given)));
        Objectives.Outcome found =
                Objectives.evaluate(grpo, batch, given.values("log_probs", 2).flat(), Optional.empty());
        check.value("loss", found.loss());
        check.gradient("grad_log_probs", found.logProbGradient(), mask.flags());
        found.checkLogged(check, "clip_ratio", "clip_ratio/region_mean");
        found.checkLogged(check, "ppo_kl", "ppo_kl");
    }

    private static Surrogate surrogate(Case given) {
        String type = given.hyperText("policy_loss_type");
        return new Surrogate(
                Surrogate.Kind.CLIP,
                switch (type) {
                    case "ppo" -> Level.TOKEN;
                    case "gspo" -> Level.SEQUENCE_MEAN;
                    default -> throw new NotOffered("policy_loss_type " + type);
                },
                given.hyper("clip_eps_low"),
                given.hyper("clip_eps_high"),
                given.hasHyper("dual_clip") ? Optional.of(given.hyper("dual_clip")) : Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The mean over tokens, or over answers of the mean over their tokens. */
    static Aggregation aggregation(Case given) {
        return given.hyperFlag("token_level_loss", true)
                ? new Aggregation(Kind.TOKEN_MEAN, 1, true, 0)
                : new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_MEAN, 1, true, 1e-8);
    }
}
