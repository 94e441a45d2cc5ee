// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * What the credit of a step starts from. A row's whole reward is {@code rows[i] + Σ tokens} over its response tokens.
 *
 * @param rows one a row: reward of the answer as a whole, paid at its last response token; NaN where it has none
 * @param scored rows that count; the others get no advantage and are in no statistic
 * @param tokens rewards by token (process rewards, rewards at the ends of turns); zeros if there are none. Read at response tokens only
 * @param penalty by token: coefficient · KL to take off; zeros if KL is not in the reward
 * @param penaltyFirst whether the penalty is a part of what baselines are taken from; false: it comes off the advantages afterwards. True also
 *     where there is no penalty
 * @param compared number of the set that each row is compared in; empty: {@link Standard#GROUP}
 */
public record RewardSignal(
        double[] rows,
        boolean[] scored,
        double[] tokens,
        double[] penalty,
        boolean penaltyFirst,
        Optional<int[]> compared) {
    /** Rows are compared with the others of their {@link Standard#GROUP}. */
    public RewardSignal(double[] rows, boolean[] scored, double[] tokens, double[] penalty, boolean penaltyFirst) {
        this(rows, scored, tokens, penalty, penaltyFirst, Optional.empty());
    }

    /** Rewards of answers alone: no rewards by token, no penalty. */
    public static RewardSignal ofRows(double[] rows, boolean[] scored, Layout layout) {
        return new RewardSignal(rows, scored, new double[layout.tokens()], new double[layout.tokens()], true);
    }

    /**
     * Rewards of a batch whose rows may have {@link Standard#TOKEN_REWARDS}, which are a part of {@code rewards}: those of tokens that the policy chose stay where they
     * are, what is left goes to the end of the answer.
     *
     * @param rewards one a row, NaN where there is none
     */
    public static RewardSignal of(double[] rewards, boolean[] scored, Experience batch) {
        Layout layout = batch.layout();
        double[] tokens = new double[layout.tokens()];
        double[] rows = rewards.clone();
        if (batch.has(Standard.TOKEN_REWARDS)) {
            double[] given = batch.get(Standard.TOKEN_REWARDS);
            boolean[] chosen = batch.get(Standard.RESPONSE_MASK);
            for (int row = 0; row < rows.length; row++) {
                for (int t = layout.start(row); t < layout.end(row); t++) {
                    tokens[t] = chosen[t] ? given[t] : 0;
                    rows[row] -= tokens[t];
                }
            }
        }
        return new RewardSignal(rows, scored, tokens, new double[layout.tokens()], true);
    }

    /** This signal with a penalty. */
    public RewardSignal with(double[] byToken, boolean first) {
        return new RewardSignal(rows, scored, tokens, byToken, first, compared);
    }

    /** This signal without its penalty. */
    RewardSignal without() {
        return with(new double[penalty.length], true);
    }

    /** This signal with rows compared in these sets instead of their groups. */
    public RewardSignal comparedIn(int[] sets) {
        return new RewardSignal(rows, scored, tokens, penalty, penaltyFirst, Optional.of(sets));
    }

    /** The same rewards, of which other rows count. */
    RewardSignal counting(boolean[] rowsThatCount) {
        return new RewardSignal(rows, rowsThatCount, tokens, penalty, penaltyFirst, compared);
    }

    /**
     * Whole reward of each row, less its penalty if that comes first; NaN where there is none.
     *
     * @param mask tokens that the policy chose
     */
    public double[] totals(Layout layout, boolean[] mask) {
        double[] totals = rows.clone();
        for (int row = 0; row < totals.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                totals[row] += mask[t] ? tokens[t] - (penaltyFirst ? penalty[t] : 0) : 0;
            }
        }
        return totals;
    }
}
