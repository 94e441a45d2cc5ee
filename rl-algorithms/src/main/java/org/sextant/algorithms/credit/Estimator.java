// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.algorithm.Needs;
import org.sextant.api.experience.Experience;

/** How rewards become advantages of tokens, before they are mixed with an {@link Anchor} and put through {@link Whitening}. */
public sealed interface Estimator permits AnswerCredit, ReturnCredit, GaeCredit, OptimalTokenBaseline, BranchCredit {
    /** These needs and what this estimator reads besides the rollouts. */
    Needs needs(Needs some);

    /** Advantages of the response tokens of rows that count; everything else is 0. */
    Estimate estimate(RewardSignal signal, Experience batch);

    /** Rows of which advantages can be told: those with a reward, unless an estimator asks for more. */
    default boolean[] counted(RewardSignal signal, Experience batch) {
        return signal.scored();
    }

    /** How the rewards of answers are compared; empty: not at all. */
    Optional<GroupCredit> compares();
}
