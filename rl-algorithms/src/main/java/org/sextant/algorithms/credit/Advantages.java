// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.experience.Column;
import org.sextant.api.experience.Columns;
import org.sextant.api.experience.Domain;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Masked;
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

    /**
     * {@code (A − mean) / (std + epsilon)} over the rows that count (TRL's {@code normalize_advantages}). An advantage of
     * exactly 0 stays 0: it says that a group had no signal, and normalising must not give it one. Rows that do not count get 0.
     *
     * @param valid rows that count; null for all
     */
    public static double[] normalise(double[] advantages, boolean[] valid, int ddof, double epsilon) {
        double mean = Masked.mean(advantages, valid);
        double std = Masked.std(advantages, valid, ddof);
        double[] normalised = new double[advantages.length];
        for (int i = 0; i < normalised.length; i++) {
            boolean counts = (valid == null || valid[i]) && advantages[i] != 0;
            normalised[i] = counts && std > 0 ? (advantages[i] - mean) / (std + epsilon) : 0;
        }
        return normalised;
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
