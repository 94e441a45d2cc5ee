// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * The actions of the rows of a batch, walked from the end.
 *
 * @param layout of the batch
 * @param mask tokens that the policy chose
 * @param action number of the action that each token belongs to, see {@link Unit}
 */
record Steps(Layout layout, boolean[] mask, int[] action) {
    static Steps of(Unit unit, RewardSignal signal, Experience batch) {
        return new Steps(batch.layout(), batch.get(Standard.RESPONSE_MASK), unit.actions(signal, batch));
    }

    /** The last token of the row that the policy chose; below the row's start if there is none. */
    int last(int row) {
        return choiceBefore(row, layout.end(row));
    }

    /** The last token before {@code t} that the policy chose; below the row's start if there is none. */
    int choiceBefore(int row, int t) {
        int choice = t - 1;
        while (choice >= layout.start(row) && !mask[choice]) {
            choice--;
        }
        return choice;
    }

    /** The first token from {@code t} on that the policy chose; the row's end if there is none. */
    int choiceAfter(int row, int t) {
        int choice = t;
        while (choice < layout.end(row) && !mask[choice]) {
            choice++;
        }
        return choice;
    }

    /** The first token of the action that ends with the chosen token {@code last}. */
    int first(int row, int last) {
        int first = last;
        int t = choiceBefore(row, last);
        while (t >= layout.start(row) && action[t] == action[last]) {
            first = t;
            t = choiceBefore(row, t);
        }
        return first;
    }

    /** Actions of the row. */
    int count(int row) {
        int actions = 0;
        for (int last = last(row); last >= layout.start(row); last = choiceBefore(row, first(row, last))) {
            actions++;
        }
        return actions;
    }

    /** Sum over the chosen tokens from {@code first} to {@code last}. */
    double sum(double[] x, int first, int last) {
        double sum = 0;
        for (int t = first; t <= last; t++) {
            sum += mask[t] ? x[t] : 0;
        }
        return sum;
    }

    /** Sets the chosen tokens from {@code first} to {@code last}. */
    void fill(double[] x, int first, int last, double value) {
        for (int t = first; t <= last; t++) {
            x[t] = mask[t] ? value : x[t];
        }
    }
}
