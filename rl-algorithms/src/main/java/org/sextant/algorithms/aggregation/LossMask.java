// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.aggregation;

import java.util.Arrays;
import org.sextant.api.algorithm.Mask;
import org.sextant.api.config.ConfigReader;
import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Finish;
import org.sextant.api.experience.Layout;
import org.sextant.api.experience.Standard;

/**
 * Which tokens of sampled answers are in the loss and its denominators: those that the policy chose, less those of rows that are masked. Whether a
 * masked row still counts as an answer is {@link Aggregation#countEmptyRows}.
 *
 * @param invalidRows rows whose reward abstained or failed; their advantage is 0 either way
 * @param truncatedAnswers rows that were cut off; their reward is in the group's statistics either way
 */
public record LossMask(Treatment invalidRows, Treatment truncatedAnswers) implements Mask {
    /** What is done with a row. */
    public enum Treatment {
        /** Its tokens are in denominators and pay KL. */
        KEEP,
        /** Its tokens are in no loss, denominator or metric (DAPO's overlong filtering, TRL's mask_truncated_completions). */
        MASK
    }

    /** Reads the keys {@code invalid-rows} and {@code truncated-answers} of an algorithm's block. */
    public static LossMask read(ConfigReader own) {
        return new LossMask(
                own.oneOf("invalid-rows", Treatment.class), own.oneOf("truncated-answers", Treatment.class));
    }

    @Override
    public boolean[] over(Experience batch) {
        boolean[] tokens = batch.get(Standard.RESPONSE_MASK).clone();
        Layout layout = batch.layout();
        boolean[] valid = batch.find(Standard.VALID).orElse(null);
        Finish[] finish = batch.find(Standard.FINISH).orElse(null);
        for (int row = 0; row < layout.rows(); row++) {
            boolean masked = invalidRows == Treatment.MASK && valid != null && !valid[row]
                    || truncatedAnswers == Treatment.MASK && finish != null && finish[row].truncated();
            if (masked) {
                Arrays.fill(tokens, layout.start(row), layout.end(row), false);
            }
        }
        return tokens;
    }

    /**
     * Which rows count as answers: all, or those with a token that counts.
     *
     * @param countEmptyRows see {@link Aggregation#countEmptyRows}
     */
    public Mask rows(boolean countEmptyRows) {
        return countEmptyRows ? Mask.allRows() : batch -> rowsWithAny(over(batch), batch.layout());
    }

    /** Rows with at least one token that the mask lets through. */
    public static boolean[] rowsWithAny(boolean[] tokens, Layout layout) {
        boolean[] rows = new boolean[layout.rows()];
        for (int row = 0; row < rows.length; row++) {
            for (int t = layout.start(row); t < layout.end(row); t++) {
                rows[row] |= tokens[t];
            }
        }
        return rows;
    }
}
