// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** What counts as one action: its tokens share one return and one advantage, and discounts count actions. */
public enum Unit {
    /** Each token. */
    TOKEN,
    /** The tokens up to and with one that has a reward by token (the end of a reasoning step). */
    STEP,
    /** The tokens of one turn of a conversation. */
    TURN;

    /** Number of the action that each token belongs to; it differs between neighbouring actions of a row. */
    int[] actions(RewardSignal signal, Experience batch) {
        return switch (this) {
            case TOKEN -> {
                int[] each = new int[batch.layout().tokens()];
                for (int t = 0; t < each.length; t++) {
                    each[t] = t;
                }
                yield each;
            }
            case STEP -> steps(signal.tokens(), batch.layout(), batch.get(Standard.RESPONSE_MASK));
            case TURN -> batch.get(Standard.TURN);
        };
    }

    private static int[] steps(double[] rewards, Layout layout, boolean[] mask) {
        int[] steps = new int[layout.tokens()];
        for (int row = 0; row < layout.rows(); row++) {
            int step = 0;
            for (int t = layout.start(row); t < layout.end(row); t++) {
                steps[t] = step;
                step += mask[t] && rewards[t] != 0 ? 1 : 0;
            }
        }
        return steps;
    }
}
