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
import org.sextant.algorithms.surrogate.OffPolicyCorrection;
import org.sextant.algorithms.surrogate.SoftGate;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Standard;

/**
 * verl's policy losses over advantages by token.
 *
 * @param kind what is minimised
 * @param level what a ratio is taken over
 */
record VerlPolicyReplay(Surrogate.Kind kind, Level level) implements Replay {
    /** The source limits log ratios of tokens on both sides, those of answers above alone; where there is no ratio it limits nothing. */
    private static final double TOKEN_LIMIT = 20;

    private static final double ANSWER_LIMIT = 10;

    /** The source's default. */
    private static final double DUAL_CLIP = 3;

    private static final Credit CREDIT =
            Credit.of(AnswerCredit.of(new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 1e-6, Single.KEEP)));

    /** Weights as they are. */
    private static final OffPolicyCorrection WEIGHTED = new OffPolicyCorrection(
            OffPolicyCorrection.Kind.TRUNCATE, OffPolicyCorrection.Level.TOKEN, 0, Double.POSITIVE_INFINITY);

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values mask = given.values("response_mask", 2);
        double[] old = given.values("old_log_prob", 2).flat();
        Experience batch = Padded.batch(Padded.layout(mask), mask.flags())
                .with(Standard.OLD_LOGP, old)
                .with(Standard.SAMPLING_LOGP, sampled(given, old))
                .with(Standard.ADVANTAGES, given.values("advantages", 2).flat());
        Aggregation aggregation = aggregation(mode(given), mask);
        Grpo grpo = new Grpo(
                OnPolicyConfig.of(2, CREDIT, surrogate(given)).with(aggregation).with(WEIGHTED));
        Objectives.Outcome found =
                Objectives.evaluate(grpo, batch, given.values("log_prob", 2).flat(), Optional.empty());
        check.value("loss", found.loss());
        check.gradient("grad_log_prob", found.logProbGradient(), mask.flags());
        found.checkMetric(check, "pg_clipfrac", "clip_ratio/region_mean");
        found.checkMetric(check, "pg_clipfrac_lower", "clip_ratio/dual_mean");
        found.checkMetric(check, "ppo_kl", "ppo_kl");
    }

    /** Log-probabilities of a sampler for which the source's weights are the ratios. */
    private static double[] sampled(Case given, double[] old) {
        if (!given.has("rollout_is_weights")) {
            return old;
        }
        double[] weights = given.values("rollout_is_weights", 2).flat();
        double[] sampled = old.clone();
        for (int t = 0; t < sampled.length; t++) {
            sampled[t] -= Math.log(weights[t]);
        }
        return sampled;
    }

    /** What the source does: GSPO and SAPO take the mean of answers' means, whatever they are told. */
    private String mode(Case given) {
        given.without("hyper.loss_agg_mode");
        boolean fixed = kind == Surrogate.Kind.SAPO || level == Level.SEQUENCE_MEAN_TOKEN_GRADIENT;
        return fixed ? "seq-mean-token-mean" : given.hyperText("loss_agg_mode");
    }

    private Surrogate surrogate(Case given) {
        double both = given.hyper("clip_ratio", 0.2);
        boolean ofTokens = level == Level.TOKEN;
        boolean dual = kind == Surrogate.Kind.CLIP && ofTokens;
        return new Surrogate(
                kind,
                level,
                given.hyper("clip_ratio_low", both),
                given.hyper("clip_ratio_high", both),
                dual ? Optional.of(given.hyper("clip_ratio_c", DUAL_CLIP)) : Optional.empty(),
                ofTokens ? Optional.empty() : Optional.of(Math.exp(ANSWER_LIMIT)),
                ofTokens && kind != Surrogate.Kind.REINFORCE ? Optional.of(TOKEN_LIMIT) : Optional.empty(),
                new SoftGate(
                        given.hyper("tau_pos", SoftGate.PUBLISHED.positive()),
                        given.hyper("tau_neg", SoftGate.PUBLISHED.negative())));
    }

    /** verl leaves rows without a token out of sequence means, and divides token sums by the width without a mean over rows. */
    static Aggregation aggregation(String mode, Values mask) {
        int rows = mask.dimension(0);
        int width = mask.dimension(1);
        return switch (mode) {
            case "token-mean" -> new Aggregation(Kind.TOKEN_MEAN, 1, false, 0);
            case "seq-mean-token-mean" -> new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_MEAN, 1, false, 1e-8);
            case "seq-mean-token-sum" -> new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_SUM, 1, false, 0);
            case "seq-mean-token-sum-norm" ->
                new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_SUM_NORM, (double) width / rows, true, 0);
            default -> throw new NotOffered("loss_agg_mode " + mode);
        };
    }
}
