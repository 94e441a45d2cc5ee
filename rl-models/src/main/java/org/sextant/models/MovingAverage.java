// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.transformer.Parameter;

/**
 * Moves weights towards others: {@code w += rate · (other − w)}, in double, rounded once. Weights that are equal stay as they are, to the bit; with rate 1
 * they become the others.
 */
final class MovingAverage {
    /** Numbers that are read at once. */
    private static final int BLOCK = 1 << 15;

    private MovingAverage() {}

    /**
     * @param from what is moved towards
     * @param to what moves: all parameters that both have and do not share
     * @throws IllegalArgumentException if {@code to} lacks a weight that is trained in {@code from}, or has it in another shape
     */
    static void move(List<Parameter> from, List<Parameter> to, double rate, Kernels kernels) {
        Map<String, Parameter> moving = new HashMap<>();
        to.forEach(p -> moving.put(p.name(), p));
        for (Parameter towards : from) {
            Parameter own = moving.get(towards.name());
            requireSame(towards, own);
            if (own != null && own != towards) {
                move(towards.value(), own.value(), rate, kernels);
            }
        }
    }

    private static void requireSame(Parameter towards, Parameter own) {
        boolean fits = own != null
                && own.value().rows() == towards.value().rows()
                && own.value().columns() == towards.value().columns();
        if (!fits && (own != null || towards.trains())) {
            throw new IllegalArgumentException("a moving average needs models of one shape: one has " + towards
                    + ", the other " + (own == null ? "nothing of that name" : own));
        }
    }

    private static void move(Tensor from, Tensor to, double rate, Kernels kernels) {
        if (rate == 1) {
            kernels.copy(from, to, to.rows());
            return;
        }
        int atOnce = Math.clamp(BLOCK / to.columns(), 1, to.rows());
        double[] towards = new double[atOnce * to.columns()];
        double[] own = new double[towards.length];
        for (int row = 0; row < to.rows(); row += atOnce) {
            int n = Math.min(atOnce, to.rows() - row);
            kernels.readRows(from, row, n, towards);
            kernels.readRows(to, row, n, own);
            for (int i = 0; i < n * to.columns(); i++) {
                own[i] += rate * (towards[i] - own[i]);
            }
            kernels.writeRows(to, row, n, own);
        }
    }
}
