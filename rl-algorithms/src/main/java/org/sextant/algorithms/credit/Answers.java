// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import java.util.Optional;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Groups;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * What {@link GroupCredit} compares.
 *
 * @param rewards one a row; read only for rows in a group
 * @param groups which rows are compared
 * @param lengths tokens that the policy chose, by row
 * @param greedy reward of the greedy answer to each row's prompt, where there is one
 */
record Answers(double[] rewards, Groups groups, double[] lengths, Optional<double[]> greedy) {
    static Answers of(double[] rewards, RewardSignal signal, Experience batch) {
        int[] sets = signal.compared().orElseGet(() -> batch.get(Standard.GROUP));
        return new Answers(
                rewards, Groups.of(sets, signal.scored()), lengths(batch), batch.find(Standard.GREEDY_REWARD));
    }

    private static double[] lengths(Experience batch) {
        Layout layout = batch.layout();
        boolean[] mask = batch.get(Standard.RESPONSE_MASK);
        double[] lengths = new double[layout.rows()];
        for (int row = 0; row < lengths.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                lengths[row] += mask[t] ? 1 : 0;
            }
        }
        return lengths;
    }
}
