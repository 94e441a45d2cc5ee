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
    /** The source limits log ratios of tokens in the loss, and none that it logs. */
    private static final Optional<Double> LIMIT = Optional.of(20.0);

    /** Answers without a token are left out. */
    private static final Aggregation ANSWERS = new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_MEAN, 1, false, 1e-8);

    private static final Credit CREDIT =
            Credit.of(AnswerCredit.of(new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 1e-9, Single.ZERO)));

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values mask = given.values("action_mask", 2);
        Experience batch = Padded.batch(Padded.layout(mask), mask.flags())
                .with(Standard.OLD_LOGP, given.values("old_log_probs", 2).flat())
                .with(Standard.ADVANTAGES, given.values("advantages", 2).flat());
        Objectives.Outcome found = evaluate(given, batch, ofAnswers(given) ? Optional.empty() : LIMIT);
        check.value("loss", found.loss());
        check.gradient("grad_log_probs", found.logProbGradient(), mask.flags());
        found.checkLogged(check, "clip_ratio", "clip_ratio/region_mean");
        evaluate(given, batch, Optional.empty()).checkLogged(check, "ppo_kl", "ppo_kl");
    }

    private static Objectives.Outcome evaluate(Case given, Experience batch, Optional<Double> limit) {
        // Ratios of answers are never with a mean over tokens, whatever the source is told.
        given.without("hyper.token_level_loss");
        Aggregation aggregation = ofAnswers(given) ? ANSWERS : aggregation(given);
        Grpo grpo =
                new Grpo(OnPolicyConfig.of(2, CREDIT, surrogate(given, limit)).with(aggregation));
        return Objectives.evaluate(grpo, batch, given.values("log_probs", 2).flat(), Optional.empty());
    }

    private static boolean ofAnswers(Case given) {
        String type = given.hyperText("policy_loss_type");
        return switch (type) {
            case "ppo" -> false;
            case "gspo" -> true;
            default -> throw new NotOffered("policy_loss_type " + type);
        };
    }

    private static Surrogate surrogate(Case given, Optional<Double> limit) {
        return new Surrogate(
                Surrogate.Kind.CLIP,
                ofAnswers(given) ? Level.SEQUENCE_MEAN : Level.TOKEN,
                given.hyper("clip_eps_low"),
                given.hyper("clip_eps_high"),
                given.hasHyper("dual_clip") ? Optional.of(given.hyper("dual_clip")) : Optional.empty(),
                Optional.empty(),
                limit);
    }

    /** The mean over tokens, or over answers of the mean over their tokens. */
    static Aggregation aggregation(Case given) {
        return given.hyperFlag("token_level_loss", true) ? new Aggregation(Kind.TOKEN_MEAN, 1, true, 0) : ANSWERS;
    }
}
