// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Arrays;
import org.sextant.algorithms.credit.Whitening.EpsilonAt;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * Rewards of single choices: the reward of a token less its penalty, and at the last choice of an answer the reward of
 * the whole. 0 at tokens that the policy did not choose and in rows that do not count.
 */
public final class TokenRewards {
    private static final Whitening SCALED =
            new Whitening(Whitening.Scope.TOKENS, 1, false, true, 1e-8, EpsilonAt.VARIANCE, 0);

    private TokenRewards() {}

    /**
     * @param rows one a row, for its last choice
     * @param penalised whether penalties are taken off
     */
    static double[] of(double[] rows, boolean penalised, RewardSignal signal, Experience batch) {
        Layout layout = batch.layout();
        boolean[] mask = counted(signal, batch);
        double[] rewards = new double[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            int last = -1;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                rewards[t] = mask[t] ? signal.tokens()[t] - (penalised ? signal.penalty()[t] : 0) : 0;
                last = mask[t] ? t : last;
            }
            if (last >= 0) {
                rewards[last] += rows[row];
            }
        }
        return rewards;
    }

    /**
     * Rewards with the penalty taken off, as {@link GaeCredit} sums them.
     *
     * @param scaled divided by their standard deviation over the step's tokens, their mean kept (TRL's {@code whiten_rewards})
     */
    public static double[] of(RewardSignal signal, Experience batch, boolean scaled) {
        double[] rewards = of(signal.rows(), true, signal, batch);
        return scaled ? SCALED.apply(rewards, counted(signal, batch)) : rewards;
    }

    /** Chosen tokens of the rows that count. */
    static boolean[] counted(RewardSignal signal, Experience batch) {
        return counted(signal.scored(), batch);
    }

    /** Chosen tokens of these rows. */
    static boolean[] counted(boolean[] rows, Experience batch) {
        Layout layout = batch.layout();
        boolean[] counted = batch.get(Standard.RESPONSE_MASK).clone();
        for (int row = 0; row < layout.rows(); row++) {
            if (!rows[row]) {
                Arrays.fill(counted, layout.start(row), layout.end(row), false);
            }
        }
        return counted;
    }
}
