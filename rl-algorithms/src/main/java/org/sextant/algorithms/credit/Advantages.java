// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/** What may be done to rewards before, and to advantages after, {@link GroupCredit}. */
public final class Advantages {
    /** The advantage of an answer as a whole. */
    public static final Column<double[]> BY_ROW = Column.doubles("credit/advantage", Domain.ROW);

    private Advantages() {}

    /** The columns that sequence-level and token-level losses read: {@link #BY_ROW} and {@link Standard#ADVANTAGES}. */
    public static Columns columns(double[] rows, Experience batch) {
        double[] tokens = toTokens(rows, batch.layout(), batch.get(Standard.RESPONSE_MASK));
        return Columns.of(BY_ROW, rows).with(Standard.ADVANTAGES, tokens);
    }

    /** Rewards limited to {@code [low, high]}; NaN (no reward) stays NaN. */
    public static double[] clip(double[] rewards, double low, double high) {
        double[] clipped = new double[rewards.length];
        for (int i = 0; i < clipped.length; i++) {
            clipped[i] = Math.max(low, Math.min(high, rewards[i]));
        }
        return clipped;
    }

    /** Each token of a row that the mask lets through gets the row's advantage, the others 0. */
    public static double[] toTokens(double[] rows, Layout layout, boolean[] mask) {
        double[] tokens = new double[layout.tokens()];
        for (int row = 0; row < rows.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                tokens[t] = mask[t] ? rows[row] : 0;
            }
        }
        return tokens;
    }
}
