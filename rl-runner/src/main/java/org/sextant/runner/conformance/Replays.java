// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Scale;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.credit.Holes;
import org.sextant.algorithms.credit.OptimalTokenBaseline.Align;
import org.sextant.algorithms.credit.Whitening;
import org.sextant.algorithms.credit.Whitening.EpsilonAt;
import org.sextant.algorithms.credit.Whitening.Scope;
import org.sextant.algorithms.surrogate.Surrogate.Kind;
import org.sextant.algorithms.surrogate.Surrogate.Level;

/** Which methods of case files can be replayed. A method that is not here is skipped and named. */
final class Replays {
    private static final Whitening VERL_WHITENING =
            new Whitening(Scope.TOKENS, 1, true, true, 1e-8, EpsilonAt.VARIANCE, 1e-8);

    /** Policy losses of sources that are left out, by method; {@code docs/algorithms/axes.md} says why. */
    static final Map<String, String> LEFT_OUT = Map.of("verl_policy_geo_mean", "GMPO", "verl_policy_kl_cov", "KL-Cov");

    private Replays() {}

    static Map<String, Replay> all() {
        Map<String, Replay> all = new HashMap<>();
        LEFT_OUT.forEach((method, name) -> all.put(method, (given, check, engine) -> {
            throw new NotOffered(name + ", " + method);
        }));
        all.putAll(statistics());
        all.putAll(credit());
        all.putAll(losses());
        all.putAll(sampling());
        all.putAll(models());
        return Map.copyOf(all);
    }

    private static Map<String, Replay> statistics() {
        return Map.of(
                "verl_masked_stats", new MaskedStatsReplay(1e-8),
                "trl_masked_stats", new MaskedStatsReplay(0),
                "logprob_entropy", new LogProbEntropyReplay(),
                "causal_lm_loss", new CausalLmLossReplay(),
                "verl_entropy_loss", new EntropyLossReplay());
    }

    private static Map<String, Replay> credit() {
        Map<String, Replay> credit = new HashMap<>(answers());
        credit.putAll(tokens());
        credit.put("trl_grpo", new TrlGrpoReplay());
        credit.put("trl_rloo", new TrlRlooReplay());
        credit.put("verl_kl_in_reward", new KlInRewardReplay());
        credit.put("openrlhf_kl_in_reward", new OpenRlhfKlRewardReplay());
        credit.put("trl_ppo_rewards_gae", new TrlPpoCreditReplay());
        return credit;
    }

    /** One advantage an answer. */
    private static Map<String, Replay> answers() {
        // verl keeps float32 numbers for groups of one and for GPG's factor, and in its vectorised GRPO for all groups.
        Tolerance mixed = Tolerance.LOGGED;
        Tolerance vectorised = new Tolerance(1e-4, 1e-4);
        Tolerance exact = Tolerance.DOUBLE;
        return Map.of(
                "verl_grpo", new VerlGroupReplay(Baseline.MEAN, Scale.GROUP, Single.KEEP, mixed),
                "verl_grpo_no_std", new VerlGroupReplay(Baseline.MEAN, Scale.GROUP, Single.KEEP, mixed),
                "verl_grpo_vectorized", new VerlGroupReplay(Baseline.MEAN, Scale.GROUP, Single.KEEP, vectorised),
                "verl_grpo_passk", new VerlGroupReplay(Baseline.SECOND_BEST, Scale.GROUP, Single.KEEP, exact),
                "verl_rloo", new VerlGroupReplay(Baseline.LEAVE_ONE_OUT, Scale.NONE, Single.KEEP, exact),
                "verl_rloo_vectorized", new VerlGroupReplay(Baseline.LEAVE_ONE_OUT, Scale.NONE, Single.ZERO, exact),
                "verl_reinforce_pp_baseline",
                        new VerlGroupReplay(Baseline.MEAN, Scale.NONE, Single.KEEP, VERL_WHITENING, exact),
                "verl_opo", new VerlGroupReplay(Baseline.LENGTH_WEIGHTED, Scale.NONE, Single.KEEP, exact),
                "verl_gpg", new VerlGroupReplay(Baseline.MEAN, Scale.NONZERO_SHARE, Single.KEEP, mixed));
    }

    /** Advantages by token. */
    private static Map<String, Replay> tokens() {
        Whitening none = Whitening.none();
        String mask = "response_mask";
        String rewards = "token_level_rewards";
        return Map.of(
                "verl_gae", new GaeReplay(rewards, mask, Holes.CARRY, VERL_WHITENING),
                "openrlhf_gae", new GaeReplay("rewards", "action_mask", Holes.ZERO, none),
                "openrlhf_cumulative_returns", new ReturnsReplay("rewards", "action_mask", Holes.ZERO, none),
                "verl_reinforce_pp", new ReturnsReplay(rewards, mask, Holes.CUT, VERL_WHITENING),
                "verl_remax", new ReturnsReplay(rewards, mask, Holes.CARRY, none),
                "verl_optimal_token_baseline", new OptimalTokenBaselineReplay(Align.POSITION),
                "verl_tir_optimal_token_baseline", new OptimalTokenBaselineReplay(Align.CHOICE));
    }

    private static Map<String, Replay> losses() {
        Map<String, Replay> losses = new HashMap<>(policies());
        losses.put("verl_kl_penalty", new KlPenaltyReplay());
        losses.put("verl_adaptive_kl_controller", new AdaptiveKlReplay());
        losses.put("verl_agg_loss", new AggregationReplay());
        losses.put("verl_value_loss", new ValueLossReplay("vpreds", "values", "response_mask", "cliprange_value"));
        losses.put("openrlhf_value_loss", new ValueLossReplay("values", "old_values", "action_mask", "clip_eps"));
        losses.put("trl_ppo_step", new TrlPpoStepReplay());
        return losses;
    }

    private static Map<String, Replay> policies() {
        return Map.of(
                "verl_policy_vanilla", new VerlPolicyReplay(Kind.CLIP, Level.TOKEN),
                "verl_policy_gspo", new VerlPolicyReplay(Kind.CLIP, Level.SEQUENCE_MEAN_TOKEN_GRADIENT),
                "verl_policy_cispo", new VerlPolicyReplay(Kind.CISPO, Level.TOKEN),
                "verl_policy_sapo", new VerlPolicyReplay(Kind.SAPO, Level.TOKEN),
                "verl_policy_gpg", new VerlPolicyReplay(Kind.REINFORCE, Level.TOKEN),
                "verl_policy_reinforce", new VerlPolicyReplay(Kind.REINFORCE, Level.TOKEN),
                "openrlhf_policy_loss", new OpenRlhfPolicyReplay(),
                "trl_grpo_loss", new TrlGrpoLossReplay(),
                "trl_rloo_loss", new TrlRlooLossReplay());
    }

    /** The sampler's steps, and chains of them. */
    private static Map<String, Replay> sampling() {
        Map<String, Replay> steps = new HashMap<>();
        for (String name : List.of(
                "temperature",
                "top_k",
                "top_p",
                "min_p",
                "typical_p",
                "epsilon_cutoff",
                "repetition_penalty",
                "no_repeat_ngram",
                "min_length",
                "suppress_tokens",
                "chain_temperature_topk_topp",
                "chain_penalty_temperature_topk_topp_minp")) {
            steps.put(name, new WarpersReplay());
        }
        return steps;
    }

    /** Kinds of cases beside a model's weights. */
    private static Map<String, Replay> models() {
        return Map.of(
                "forward_backward", new ForwardBackwardReplay(),
                "forward_bf16_weights", new ForwardBackwardReplay(),
                "packed", new PackedReplay(),
                "greedy", new GreedyReplay());
    }
}
