// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.algorithm;

import org.sextant.api.experience.Experience;
import org.sextant.api.experience.Layout;

/**
 * How the numbers of a term become one: the aggregation axis. Every kind is linear, {@code loss = Σ_i w_i · term_i},
 * with weights that depend only on the masks of the <em>whole</em> optimiser batch; so cutting the batch into
 * micro-batches cannot change the loss.
 *
 * <p>Sources: token mean, DAPO (arXiv 2503.14476); mean of sequence means, GRPO (2402.03300); sequence sums with a
 * fixed normaliser, Dr. GRPO (2503.20783).
 */
public sealed interface Reduce {
    /**
     * @param slice rows of this slice
     * @param mask the part's mask over the slice
     * @param wholeMask the same mask over the whole batch
     * @param whole the whole optimiser batch
     * @return one weight for each entry of the slice
     */
    double[] weights(Experience slice, boolean[] mask, Experience whole, boolean[] wholeMask);

    /** Σ l·m / Σ m. */
    static Reduce tokenMean() {
        return new TokenMean();
    }

    /** Mean over rows of the mean over the row's tokens. */
    static Reduce sequenceMeanTokenMean(boolean countEmptyRows) {
        return sequenceMeanTokenMean(countEmptyRows, 0);
    }

    /**
     * Mean over rows of the sum over the row's tokens divided by their number.
     *
     * @param lengthEpsilon added to the number of tokens (verl: 1e-8)
     */
    static Reduce sequenceMeanTokenMean(boolean countEmptyRows, double lengthEpsilon) {
        return new SequenceMean(true, 1, countEmptyRows, lengthEpsilon);
    }

    /**
     * Mean over rows of the sum over the row's tokens, divided by a normaliser.
     *
     * @param normaliser 1, or a fixed length such as the longest answer allowed (Dr. GRPO)
     */
    static Reduce sequenceMeanTokenSum(double normaliser, boolean countEmptyRows) {
        return new SequenceMean(false, normaliser, countEmptyRows, 0);
    }

    /** Mean over the entries of a ROW or VECTOR term that count. */
    static Reduce rowMean() {
        return new TokenMean();
    }

    /** Plain sum of what counts. */
    static Reduce sum() {
        return sum(1);
    }

    /** Sum of what counts over a fixed normaliser. */
    static Reduce sum(double normaliser) {
        return new Sum(normaliser);
    }

    /** Every entry that counts weighs the same. */
    record TokenMean() implements Reduce {
        @Override
        public double[] weights(Experience slice, boolean[] mask, Experience whole, boolean[] wholeMask) {
            int n = count(wholeMask, 0, wholeMask.length);
            return fill(mask, n == 0 ? 0 : 1.0 / n);
        }
    }

    /** Every entry that counts weighs 1 / normaliser. */
    record Sum(double normaliser) implements Reduce {
        @Override
        public double[] weights(Experience slice, boolean[] mask, Experience whole, boolean[] wholeMask) {
            return fill(mask, 1 / normaliser);
        }
    }

    /**
     * Every row weighs the same.
     *
     * @param tokenMean mean over the row's tokens; else their sum / normaliser
     * @param countEmptyRows whether rows without any token that counts are in the denominator (TRL: yes; verl: no)
     * @param lengthEpsilon added to the number of tokens of a mean
     */
    record SequenceMean(boolean tokenMean, double normaliser, boolean countEmptyRows, double lengthEpsilon)
            implements Reduce {
        @Override
        public double[] weights(Experience slice, boolean[] mask, Experience whole, boolean[] wholeMask) {
            if (mask.length != slice.layout().tokens()) {
                throw new IllegalArgumentException("a sequence mean is over tokens: " + slice.layout()
                        + ", but the mask has " + mask.length + "; use rowMean() for numbers by row");
            }
            int rows = 0;
            for (int row = 0; row < whole.rows(); row++) {
                boolean empty = count(
                                wholeMask,
                                whole.layout().start(row),
                                whole.layout().end(row))
                        == 0;
                rows += countEmptyRows || !empty ? 1 : 0;
            }
            Layout layout = slice.layout();
            double[] weights = new double[mask.length];
            for (int row = 0; row < layout.rows(); row++) {
                double denominator =
                        tokenMean ? count(mask, layout.start(row), layout.end(row)) + lengthEpsilon : normaliser;
                for (int t = layout.start(row); t < layout.end(row); t++) {
                    weights[t] = mask[t] ? 1 / (denominator * rows) : 0;
                }
            }
            return weights;
        }
    }

    private static int count(boolean[] mask, int from, int to) {
        int n = 0;
        for (int i = from; i < to; i++) {
            n += mask[i] ? 1 : 0;
        }
        return n;
    }

    private static double[] fill(boolean[] mask, double weight) {
        double[] weights = new double[mask.length];
        for (int i = 0; i < mask.length; i++) {
            weights[i] = mask[i] ? weight : 0;
        }
        return weights;
    }
}
