// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sextant.algorithms.credit.GroupCredit.Baseline;
import org.sextant.algorithms.credit.GroupCredit.Single;
import org.sextant.algorithms.surrogate.Surrogate.Kind;
import org.sextant.algorithms.surrogate.Surrogate.Level;

/** Which methods of case files can be replayed. A method that is not here is skipped and named. */
final class Replays {
    private Replays() {}

    static Map<String, Replay> all() {
        Map<String, Replay> all = new HashMap<>();
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
        // verl keeps float32 numbers for groups of one, and in its vectorised GRPO for all groups.
        Tolerance single = Tolerance.LOGGED;
        Tolerance vectorised = new Tolerance(1e-4, 1e-4);
        return Map.of(
                "verl_grpo", new VerlGroupReplay(Baseline.MEAN, Single.KEEP, single),
                "verl_grpo_no_std", new VerlGroupReplay(Baseline.MEAN, Single.KEEP, single),
                "verl_grpo_vectorized", new VerlGroupReplay(Baseline.MEAN, Single.KEEP, vectorised),
                "verl_rloo", new VerlGroupReplay(Baseline.LEAVE_ONE_OUT, Single.KEEP, Tolerance.DOUBLE),
                "verl_rloo_vectorized", new VerlGroupReplay(Baseline.LEAVE_ONE_OUT, Single.ZERO, Tolerance.DOUBLE),
                "trl_grpo", new TrlGrpoReplay(),
                "trl_rloo", new TrlRlooReplay(),
                "verl_kl_in_reward", new KlInRewardReplay());
    }

    private static Map<String, Replay> losses() {
        return Map.of(
                "verl_policy_vanilla", new VerlPolicyReplay(Kind.CLIP, Level.TOKEN, 20),
                "verl_policy_gspo", new VerlPolicyReplay(Kind.CLIP, Level.SEQUENCE_MEAN_TOKEN_GRADIENT, 10),
                "verl_policy_reinforce", new VerlPolicyReplay(Kind.REINFORCE, Level.TOKEN, 20),
                "verl_kl_penalty", new KlPenaltyReplay(),
                "verl_agg_loss", new AggregationReplay(),
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
