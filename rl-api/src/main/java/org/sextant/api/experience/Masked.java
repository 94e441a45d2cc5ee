// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.experience;

import java.util.Arrays;

/**
 * Statistics over the entries of an array that a mask lets through. The one owner of masked arithmetic: every mean,
 * variance and count of an algorithm or a metric goes through here, so that nothing outside a mask leaks into a number.
 *
 * <p>A mask of {@code null} lets everything through. An empty mask gives NaN for means and variances, 0 for sums and
 * counts.
 */
public final class Masked {
    private Masked() {}

    public static int count(boolean[] mask) {
        int n = 0;
        for (boolean m : mask) {
            n += m ? 1 : 0;
        }
        return n;
    }

    private static int count(double[] x, boolean[] mask) {
        return mask == null ? x.length : count(mask);
    }

    public static double sum(double[] x, boolean[] mask) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            if (mask == null || mask[i]) {
                sum += x[i];
            }
        }
        return sum;
    }

    public static double mean(double[] x, boolean[] mask) {
        return mean(x, mask, 0);
    }

    /**
     * Sum / (count + countEpsilon); verl adds 1e-8 to the count. Without an epsilon the mean of equal entries is that
     * entry, to the last bit: what is taken off it is then exactly 0.
     */
    public static double mean(double[] x, boolean[] mask, double countEpsilon) {
        if (countEpsilon == 0 && constant(x, mask)) {
            return min(x, mask);
        }
        return sum(x, mask) / (count(x, mask) + countEpsilon);
    }

    /** Whether there are entries and all of them are equal. */
    public static boolean constant(double[] x, boolean[] mask) {
        return min(x, mask) == max(x, mask);
    }

    /** Variance with {@code n - ddof} in the denominator; exactly 0 for constant entries; NaN if {@code n <= ddof}. */
    public static double variance(double[] x, boolean[] mask, int ddof) {
        return variance(x, mask, ddof, 0);
    }

    /**
     * The same around {@link #mean(double[], boolean[], double)}, with {@code (n + countEpsilon)·(n - ddof)/n} in the
     * denominator: verl's order of operations, which is {@code n - ddof} without an epsilon.
     */
    public static double variance(double[] x, boolean[] mask, int ddof, double countEpsilon) {
        int n = count(x, mask);
        if (n <= ddof) {
            return Double.NaN;
        }
        double mean = mean(x, mask, countEpsilon);
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            if (mask == null || mask[i]) {
                squares += (x[i] - mean) * (x[i] - mean);
            }
        }
        return squares / (n + countEpsilon) * n / (n - ddof);
    }

    public static double std(double[] x, boolean[] mask, int ddof) {
        return Math.sqrt(variance(x, mask, ddof));
    }

    /** Smallest entry; +infinity if there is none. */
    public static double min(double[] x, boolean[] mask) {
        double min = Double.POSITIVE_INFINITY;
        for (int i = 0; i < x.length; i++) {
            if (mask == null || mask[i]) {
                min = Math.min(min, x[i]);
            }
        }
        return min;
    }

    /** Largest entry; -infinity if there is none. */
    public static double max(double[] x, boolean[] mask) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < x.length; i++) {
            if (mask == null || mask[i]) {
                max = Math.max(max, x[i]);
            }
        }
        return max;
    }

    /** Quantile by linear interpolation between order statistics (NumPy's default); NaN if nothing counts. */
    public static double quantile(double[] x, boolean[] mask, double q) {
        double[] kept = compress(x, mask);
        if (kept.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(kept);
        double at = q * (kept.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, kept.length - 1);
        return kept[below] + (at - below) * (kept[above] - kept[below]);
    }

    /** The entries that count, in order. */
    public static double[] compress(double[] x, boolean[] mask) {
        double[] kept = new double[count(x, mask)];
        int n = 0;
        for (int i = 0; i < x.length; i++) {
            if (mask == null || mask[i]) {
                kept[n++] = x[i];
            }
        }
        return kept;
    }

    /**
     * {@code (x - mean) / sqrt(variance + epsilon)} inside the mask, 0 outside. Equal entries, one alone too, give
     * exactly 0.
     *
     * @param shiftMean false adds the mean back: only the spread changes
     * @param ddof 1 divides the variance by n - 1 (verl, TRL), 0 by n (OpenRLHF)
     * @param epsilon inside the root (verl and TRL 1e-8)
     */
    public static double[] whiten(double[] x, boolean[] mask, boolean shiftMean, int ddof, double epsilon) {
        return whiten(x, mask, shiftMean, ddof, epsilon, 0);
    }

    /**
     * The same with mean and variance of a {@code countEpsilon} (verl 1e-8), which leave a residue for equal entries.
     */
    public static double[] whiten(
            double[] x, boolean[] mask, boolean shiftMean, int ddof, double epsilon, double countEpsilon) {
        double mean = mean(x, mask, countEpsilon);
        boolean flat = countEpsilon == 0 && constant(x, mask);
        double factor = flat ? 0 : 1 / Math.sqrt(variance(x, mask, ddof, countEpsilon) + epsilon);
        double[] white = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            if (mask == null || mask[i]) {
                white[i] = (x[i] - mean) * factor + (shiftMean ? 0 : mean);
            }
        }
        return white;
    }
}
