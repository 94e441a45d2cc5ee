// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import java.util.List;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** Padded [B, T] tensors of cases as the ragged columns that algorithms read: every row has T tokens, padding is outside the response mask. */
final class Padded {
    private Padded() {}

    static Layout layout(Values tensor) {
        int[] lengths = new int[tensor.dimension(0)];
        Arrays.fill(lengths, tensor.dimension(1));
        return Layout.ofLengths(lengths);
    }

    /** A batch with a response mask and nothing else. */
    static Experience batch(Layout layout, boolean[] mask) {
        return Experience.of(layout, Columns.of(Standard.RESPONSE_MASK, mask));
    }

    /** Values of the states in which tokens were chosen, as those of all states: 0 after the last token. */
    static double[] states(double[] byToken, Layout layout) {
        double[] states = new double[layout.size(Domain.STATE)];
        int[] state = layout.stateOfToken();
        for (int t = 0; t < state.length; t++) {
            states[state[t]] = byToken[t];
        }
        return states;
    }

    /** Group numbers of rows that are named by text. */
    static int[] numbers(List<String> groups) {
        List<String> names = groups.stream().distinct().toList();
        return groups.stream().mapToInt(names::indexOf).toArray();
    }

    /** Group numbers of rows of which so many in a row form a group. */
    static int[] consecutive(int rows, int groupSize) {
        if (groupSize < 1 || rows % groupSize != 0) {
            throw new IllegalArgumentException(rows + " rows do not make groups of " + groupSize);
        }
        int[] group = new int[rows];
        for (int row = 0; row < rows; row++) {
            group[row] = row / groupSize;
        }
        return group;
    }

    /** Rows whose reward is not NaN. */
    static boolean[] scored(double[] rewards) {
        boolean[] scored = new boolean[rewards.length];
        for (int row = 0; row < scored.length; row++) {
            scored[row] = !Double.isNaN(rewards[row]);
        }
        return scored;
    }
}
