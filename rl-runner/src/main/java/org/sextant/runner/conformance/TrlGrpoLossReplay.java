// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sextant.algorithms.aggregation.Aggregation;
import org.sextant.algorithms.aggregation.Aggregation.Kind;
import org.sextant.algorithms.credit.Advantages;
import org.sextant.algorithms.credit.AnswerCredit;
import org.sextant.algorithms.credit.Credit;
import org.sextant.algorithms.credit.GroupCredit;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.entropy.EntropyBonus;
import org.sextant.algorithms.grpo.Grpo;
import org.sextant.algorithms.kl.Kl;
import org.sextant.algorithms.kl.KlPenalty;
import org.sextant.algorithms.onpolicy.OnPolicyConfig;
import org.sextant.algorithms.surrogate.PolicyFilter;
import org.sextant.algorithms.surrogate.SoftGate;
import org.sextant.algorithms.surrogate.Surrogate;
import org.sextant.algorithms.surrogate.Surrogate.Level;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
import org.sextant.api.experience.Standard;

/** TRL's GRPO loss: clip by token or sequence, KL, filters, entropy bonus and its kinds of aggregation. */
final class TrlGrpoLossReplay implements Replay {
    private static final Credit CREDIT =
            Credit.of(AnswerCredit.of(new GroupCredit(Baseline.MEAN, Scale.GROUP, 1, 1e-4, Single.ZERO)));

    @Override
    public void replay(Case given, Check check, Engine engine) {
        double[] logp = given.values("per_token_logps", 2).flat();
        boolean[] mask = mask(given);
        Layout layout = Padded.layout(given.values("completion_mask", 2));
        OnPolicyConfig config = config(given);
        Grpo grpo = new Grpo(config);
        Objectives.Outcome found = Objectives.evaluate(grpo, batch(given, layout, mask, logp), logp, entropies(given));

        double share = share(given, mask);
        check.value("loss", found.loss() * share);
        double bonus =
                config.entropyBonus().coefficient() * found.evaluation().parts().getOrDefault("entropy", 0.0);
        check.metric("policy_loss", (found.loss() + bonus) * (byItems(given) ? share : 1));
        check.metric("entropy_coef", given.hyper("entropy_coef", 0));
        found.checkMetric(check, "entropy", "entropy");
        check.gradient("grad_per_token_logps", scale(found.logProbGradient(), share), mask);
        if (given.has("grad_entropies")) {
            check.gradient("grad_entropies", scale(found.entropyGradient(), share), mask);
        }
        found.checkMetric(check, "kl", "kl");
        boolean byRow = config.surrogate().level().byRow();
        found.checkClipRatios(check, byRow ? Objectives.nonEmptyShare(layout, mask) : 1);
    }

    private static Experience batch(Case given, Layout layout, boolean[] mask, double[] logp) {
        double[] advantages = given.values("advantages", 1).flat();
        double[] old = given.has("old_per_token_logps")
                ? given.values("old_per_token_logps", 2).flat()
                : logp;
        double[] sampled = given.has("sampling_per_token_logps")
                ? given.values("sampling_per_token_logps", 2).flat()
                : old;
        Experience batch = Padded.batch(layout, mask)
                .with(Standard.OLD_LOGP, old)
                .with(Standard.SAMPLING_LOGP, sampled)
                .with(Advantages.BY_ROW, advantages)
                .with(Standard.ADVANTAGES, Advantages.toTokens(advantages, layout, mask));
        return given.has("ref_per_token_logps")
                ? batch.with(
                        Standard.REF_LOGP,
                        given.values("ref_per_token_logps", 2).flat())
                : batch;
    }

    private static boolean[] mask(Case given) {
        boolean[] mask = given.values("completion_mask", 2).flags();
        if (given.has("tool_mask")) {
            boolean[] tool = given.values("tool_mask", 2).flags();
            for (int i = 0; i < mask.length; i++) {
                mask[i] &= tool[i];
            }
        }
        return mask;
    }

    private static OnPolicyConfig config(Case given) {
        Kl kl = new Kl(
                given.hyper("beta", 0),
                Kl.Placement.LOSS,
                Kl.Estimator.K3,
                false,
                Optional.empty(),
                Optional.empty(),
                given.hyperFlag("use_bias_correction_kl", false));
        return OnPolicyConfig.of(2, CREDIT, surrogate(given))
                .with(new PolicyFilter(optional(given, "off_policy_mask_threshold"), topEntropyShare(given)))
                .with(KlPenalty.of(kl))
                .with(aggregation(given))
                .with(bonus(given));
    }

    /** A share that keeps so many tokens as the source, with none on the limit. */
    private static double topEntropyShare(Case given) {
        int tokens = Masked.count(mask(given));
        return Math.min(1, (mostRandom(given) - 0.5) / Math.max(1, tokens - 1));
    }

    /** How many tokens the source keeps. It compares entropies with a float32 quantile, which may leave out the token on the limit. */
    private static long mostRandom(Case given) {
        boolean[] mask = mask(given);
        int last = Masked.count(mask) - 1;
        double share = given.hyper("top_entropy_quantile", 1);
        if (share >= 1 || last < 1) {
            return last + 1;
        }
        double[] entropies = Masked.compress(entropies(given).orElseThrow(), mask);
        double[] rounded = Arrays.stream(entropies).map(e -> (float) e).toArray();
        double limit = (float) Masked.quantile(rounded, null, (double) ((float) (1 - share) * last) / last);
        return Arrays.stream(entropies).filter(e -> e >= limit).count();
    }

    /** Where the source divides by all tokens, its bonus is not a mean over those that it is of. */
    private static EntropyBonus bonus(Case given) {
        double share = byItems(given) ? (double) mostRandom(given) / Masked.count(mask(given)) : 1;
        return new EntropyBonus(given.hyper("entropy_coef", 0) * share, EntropyBonus.Over.TOP_ENTROPY_MEAN);
    }

    private static Surrogate surrogate(Case given) {
        String level = given.hyperText("importance_sampling_level", "token");
        Surrogate.Kind kind = kind(given.hyperText("loss_type"));
        double low = given.hyper("epsilon_low", 0.2);
        double high = given.hyper("epsilon_high", low);
        return new Surrogate(
                kind,
                switch (level) {
                    case "token" -> Level.TOKEN;
                    case "sequence" -> Level.SEQUENCE_MEAN;
                    default -> throw new NotOffered("importance_sampling_level " + level);
                },
                kind == Surrogate.Kind.CISPO ? 1 : low,
                kind == Surrogate.Kind.CISPO ? high - 1 : high,
                Optional.empty(),
                optional(given, "delta"),
                Optional.empty(),
                new SoftGate(
                        given.hyper("sapo_temperature_pos", SoftGate.PUBLISHED.positive()),
                        given.hyper("sapo_temperature_neg", SoftGate.PUBLISHED.negative())));
    }

    /** For CISPO the source's upper limit is the largest weight itself. */
    private static Surrogate.Kind kind(String lossType) {
        return switch (lossType) {
            case "cispo" -> Surrogate.Kind.CISPO;
            case "sapo" -> Surrogate.Kind.SAPO;
            default -> Surrogate.Kind.CLIP;
        };
    }

    private static Aggregation aggregation(Case given) {
        String type = given.hyperText("loss_type");
        return switch (type) {
            case "grpo", "sapo" -> new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_MEAN, 1, true, 0);
            case "bnpo", "dapo", "cispo" -> new Aggregation(Kind.TOKEN_MEAN, 1, true, 0);
            case "dr_grpo" ->
                new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_SUM_NORM, given.hyper("max_completion_length"), true, 0);
            case "luspo" -> {
                // With a loss by token the source's mean is over padding as well.
                if (given.hyper("beta", 0) != 0
                        || !given.hyperText("importance_sampling_level").equals("sequence")) {
                    throw new NotOffered("LUSPO with a loss by token or a KL penalty");
                }
                yield new Aggregation(Kind.SEQUENCE_MEAN_TOKEN_SUM, 1, true, 0);
            }
            case "vespo" -> throw new NotOffered("VESPO, loss_type vespo");
            default -> throw new NotOffered("loss_type " + type);
        };
    }

    /** What this batch is of the optimiser batch that the source divides by. */
    private static double share(Case given, boolean[] mask) {
        given.without("hyper.num_items_in_batch", "hyper.gradient_accumulation_steps");
        return byItems(given)
                ? Masked.count(mask) / Math.max(1, given.hyper("num_items_in_batch"))
                : 1 / given.hyper("gradient_accumulation_steps", 1);
    }

    /** Whether the source divides by the tokens of the optimiser batch, not by the number of its micro-batches. */
    private static boolean byItems(Case given) {
        return List.of("dapo", "cispo").contains(given.hyperText("loss_type"));
    }

    private static Optional<double[]> entropies(Case given) {
        return given.has("entropies") ? Optional.of(given.values("entropies", 2).flat()) : Optional.empty();
    }

    private static Optional<Double> optional(Case given, String name) {
        return given.hasHyper(name) ? Optional.of(given.hyper(name)) : Optional.empty();
    }

    private static double[] scale(double[] gradient, double factor) {
        return Arrays.stream(gradient).map(g -> g * factor).toArray();
    }
}
