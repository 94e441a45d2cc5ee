// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

/** The columns that Sextant itself writes and reads. */
public final class Standard {
    /** Token ids, prompt and answer. */
    public static final Column<int[]> TOKENS = Column.ints("tokens", Domain.TOKEN);
    /** True where the policy chose the token: answers, not prompts or observations. */
    public static final Column<boolean[]> RESPONSE_MASK = Column.flags("response_mask", Domain.TOKEN);
    /**
     * Number of the turn that a token belongs to, from 0; prompt and observation tokens count to the turn they open.
     */
    public static final Column<int[]> TURN = Column.ints("turn", Domain.TOKEN);
    /** log-probability under the filtered distribution that the token was sampled from; 0 outside the response. */
    public static final Column<double[]> SAMPLING_LOGP = Column.doubles("sampling_logp", Domain.TOKEN);
    /** log-softmax of logits / temperature, unfiltered, of the policy that sampled; 0 outside the response. */
    public static final Column<double[]> OLD_LOGP = Column.doubles("old_logp", Domain.TOKEN);
    /** The same of the reference model. */
    public static final Column<double[]> REF_LOGP = Column.doubles("ref_logp", Domain.TOKEN);
    /**
     * log π_ref(v) of every token id v at each token of the response, at the temperature of sampling; null outside the response.
     */
    public static final Column<float[][]> REF_DISTRIBUTION =
            new Column<>("ref_distribution", Domain.TOKEN, float[][].class);
    /** KL(π ‖ π_ref) over the vocabulary, of the policy that sampled, at the temperature of sampling; 0 outside the response. */
    public static final Column<double[]> FULL_KL = Column.doubles("full_kl", Domain.TOKEN);
    /** Σ_v π_v² of the policy that sampled, at the temperature of sampling; 0 outside the response. */
    public static final Column<double[]> SUM_PI_SQUARED = Column.doubles("sum_pi_squared", Domain.TOKEN);
    /** Critic's values before the update. */
    public static final Column<double[]> VALUES = Column.doubles("values", Domain.STATE);
    /** A reward model's score of the whole row, read at its last state. */
    public static final Column<double[]> SCORE = Column.doubles("score", Domain.ROW);
    /** Advantages by token. */
    public static final Column<double[]> ADVANTAGES = Column.doubles("advantages", Domain.TOKEN);
    /** Returns that a critic learns. */
    public static final Column<double[]> RETURNS = Column.doubles("returns", Domain.TOKEN);
    /** The reward of a row; NaN where the reward abstained or failed. */
    public static final Column<double[]> REWARD = Column.doubles("reward", Domain.ROW);
    /** What was earned before the end (turns, steps), by token; the rest of {@link #REWARD} is earned at the last one. */
    public static final Column<double[]> TOKEN_REWARDS = Column.doubles("token_rewards", Domain.TOKEN);
    /** Reward of the greedy answer to the row's prompt (ReMax). */
    public static final Column<double[]> GREEDY_REWARD = Column.doubles("greedy_reward", Domain.ROW);
    /** Why the greedy answer to the row's prompt ended. */
    public static final Column<Finish[]> GREEDY_FINISH = new Column<>("greedy_finish", Domain.ROW, Finish[].class);
    /** Tokens of the greedy answer to the row's prompt. */
    public static final Column<int[]> GREEDY_LENGTH = Column.ints("greedy_length", Domain.ROW);
    /**
     * Mean reward of continuations from a state ({@link org.sextant.api.algorithm.RolloutPlan.Branching}); NaN at states without any.
     */
    public static final Column<double[]> BRANCH_VALUES = Column.doubles("branch_values", Domain.STATE);
    /** False where the reward abstained: the row is out of the group statistics and has no gradient. */
    public static final Column<boolean[]> VALID = Column.flags("valid", Domain.ROW);
    /** Rows with the same number answer the same prompt, or form a pair. */
    public static final Column<int[]> GROUP = Column.ints("group", Domain.ROW);
    /** Why the answer ended. */
    public static final Column<Finish[]> FINISH = new Column<>("finish", Domain.ROW, Finish[].class);
    /** What the row is to an offline loss. */
    public static final Column<RowRole[]> ROLE = new Column<>("role", Domain.ROW, RowRole[].class);
    /** Optimiser steps that the policy had taken when it sampled the row. */
    public static final Column<long[]> POLICY_VERSION = new Column<>("policy_version", Domain.ROW, long[].class);
    /** Stable id of the question. */
    public static final Column<String[]> ITEM = Column.texts("item", Domain.ROW);
    /** Difficulty label of the question, for metrics. */
    public static final Column<String[]> DIFFICULTY = Column.texts("difficulty", Domain.ROW);

    private Standard() {}
}
