// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms.credit;

import org.sextant.api.experience.Masked;

/** Baselines of the {@code i}-th answer of a group of two or more. Where all rewards are equal they are that reward, to the last bit. */
final class GroupBaselines {
    private GroupBaselines() {}

    static double mean(double[] group) {
        return Masked.mean(group, null);
    }

    static double leaveOneOut(double[] group, int i) {
        return Masked.constant(group, null) ? group[i] : (Masked.sum(group, null) - group[i]) / (group.length - 1);
    }

    /** {@code Σ w·r / Σ w}; the plain mean where nothing weighs anything. */
    static double weighted(double[] group, double[] weights) {
        double all = Masked.sum(weights, null);
        if (all == 0 || Masked.constant(group, null)) {
            return mean(group);
        }
        double sum = 0;
        for (int i = 0; i < group.length; i++) {
            sum += weights[i] * group[i];
        }
        return sum / all;
    }

    /** The second-best reward for the first of the best answers, its own reward for any other. */
    static double secondBest(double[] group, int i) {
        int best = 0;
        for (int k = 1; k < group.length; k++) {
            best = group[k] > group[best] ? k : best;
        }
        return i == best ? Masked.max(others(group, best), null) : group[i];
    }

    static double[] others(double[] group, int i) {
        double[] others = new double[group.length - 1];
        System.arraycopy(group, 0, others, 0, i);
        System.arraycopy(group, i + 1, others, i, others.length - i);
        return others;
    }
}
