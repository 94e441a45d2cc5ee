// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.learning;

import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Rows;

/** Moves the numbers of some rows between a batch and a slice of it. */
final class RowTransfer {
    private RowTransfer() {}

    /** Writes the numbers of a slice to their places in the whole. */
    static void scatter(Domain domain, Rows rows, Layout slice, double[] from, Layout whole, double[] into) {
        int[] index = rows.toArray();
        for (int i = 0; i < index.length; i++) {
            System.arraycopy(
                    from, start(domain, slice, i), into, start(domain, whole, index[i]), length(domain, slice, i));
        }
    }

    /** Reads the numbers of a slice out of the whole. */
    static double[] gather(Domain domain, Rows rows, Layout slice, double[] whole, Layout wholeLayout) {
        int[] index = rows.toArray();
        double[] numbers = new double[slice.size(domain)];
        for (int i = 0; i < index.length; i++) {
            System.arraycopy(
                    whole,
                    start(domain, wholeLayout, index[i]),
                    numbers,
                    start(domain, slice, i),
                    length(domain, slice, i));
        }
        return numbers;
    }

    private static int start(Domain domain, Layout layout, int row) {
        return domain == Domain.STATE ? layout.stateStart(row) : layout.start(row);
    }

    private static int length(Domain domain, Layout layout, int row) {
        return layout.length(row) + (domain == Domain.STATE ? 1 : 0);
    }
}
