// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.conformance;

import java.util.Arrays;
import org.sextant.api.experience.Masked;

/**
 * Mean, variance and whitening over a mask.
 *
 * @param countEpsilon what the source adds to the number of entries: 1e-8 in verl, nothing in TRL
 */
record MaskedStatsReplay(double countEpsilon) implements Replay {
    private static final double VARIANCE_EPSILON = 1e-8;

    @Override
    public void replay(Case given, Check check, Engine engine) {
        Values values = given.values("values", 2);
        double[] x = values.flat();
        boolean[] mask = given.values("mask", 2).flags();
        check.value("mean", Masked.mean(x, mask, countEpsilon));
        check.value("var_unbiased", Masked.variance(x, mask, 1, countEpsilon));
        check.value("var_biased", Masked.variance(x, mask, 0, countEpsilon));
        check.value("whitened", Masked.whiten(x, mask, true, 1, VARIANCE_EPSILON, countEpsilon), mask);
        check.value("whitened_keep_mean", Masked.whiten(x, mask, false, 1, VARIANCE_EPSILON, countEpsilon), mask);
        if (given.has("masked_sum")) {
            check.value("masked_sum", Masked.sum(x, mask));
        }
        if (given.has("mean_axis1")) {
            check.value("mean_axis1", rowMeans(values, mask));
        }
    }

    private double[] rowMeans(Values values, boolean[] mask) {
        int width = values.dimension(1);
        double[] means = new double[values.dimension(0)];
        for (int row = 0; row < means.length; row++) {
            boolean[] rowMask = Arrays.copyOfRange(mask, row * width, (row + 1) * width);
            means[row] = Masked.mean(values.row(row), rowMask, countEpsilon);
        }
        return means;
    }
}
