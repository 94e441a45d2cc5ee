// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import org.sextant.api.experience.Column;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * Which entries of a term count. A function of columns alone, so that it can be evaluated over a whole optimiser batch
 * (for the denominators) and over a slice of it.
 */
@FunctionalInterface
public interface Mask {
    /** One flag for each token (for TOKEN terms) or row (for ROW terms). */
    boolean[] over(Experience batch);

    /** Tokens that the policy chose. */
    static Mask response() {
        return column(Standard.RESPONSE_MASK);
    }

    /** All rows. */
    static Mask allRows() {
        return batch -> {
            boolean[] all = new boolean[batch.rows()];
            java.util.Arrays.fill(all, true);
            return all;
        };
    }

    /** A column of flags, by token or by row. */
    static Mask column(Column<boolean[]> column) {
        return batch -> batch.get(column);
    }

    /** These tokens, in rows where the ROW column holds. */
    default Mask inRowsWhere(Column<boolean[]> rows) {
        return batch -> {
            boolean[] tokens = over(batch).clone();
            boolean[] keep = batch.get(rows);
            Layout layout = batch.layout();
            for (int row = 0; row < keep.length; row++) {
                if (!keep[row]) {
                    java.util.Arrays.fill(tokens, layout.start(row), layout.end(row), false);
                }
            }
            return tokens;
        };
    }
}
