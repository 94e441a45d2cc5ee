// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;

/** Products of row-major matrices in double: each sum runs over its index in ascending order. */
final class ReferenceLinear {
    private ReferenceLinear() {}

    /** {@code y[:, yColumn …] += x·wᵀ}. */
    static void forward(double[] x, int rows, Tensor w, double[] weights, double[] y, int yColumn, int yColumns) {
        int in = w.columns();
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < w.rows(); o++) {
                double sum = y[r * yColumns + yColumn + o];
                for (int i = 0; i < in; i++) {
                    sum += x[r * in + i] * weights[o * in + i];
                }
                y[r * yColumns + yColumn + o] = sum;
            }
        }
    }

    /** Writes the bias, or zeros without one, to every row. */
    static void start(double[] y, int rows, int out, double[] bias) {
        for (int r = 0; r < rows; r++) {
            if (bias == null) {
                Arrays.fill(y, r * out, (r + 1) * out, 0);
            } else {
                System.arraycopy(bias, 0, y, r * out, out);
            }
        }
    }

    /** {@code dx += dy[:, dyColumn …]·w}. */
    static void backwardInput(
            double[] dy, int dyColumn, int dyColumns, int rows, Tensor w, double[] weights, double[] dx) {
        int in = w.columns();
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < w.rows(); o++) {
                addScaled(dy[r * dyColumns + dyColumn + o], weights, o * in, dx, r * in, in);
            }
        }
    }

    /** {@code dw += dy[:, dyColumn …]ᵀ·x}. */
    static void backwardWeight(
            double[] dy, int dyColumn, int dyColumns, double[] x, int rows, Tensor dw, double[] gradient) {
        int in = dw.columns();
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < dw.rows(); o++) {
                addScaled(dy[r * dyColumns + dyColumn + o], x, r * in, gradient, o * in, in);
            }
        }
    }

    /** {@code y[yAt …] += factor · x[xAt …]}. */
    static void addScaled(double factor, double[] x, int xAt, double[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) {
            y[yAt + i] += factor * x[xAt + i];
        }
    }

    static double dot(double[] a, int aAt, double[] b, int bAt, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += a[aAt + i] * b[bAt + i];
        }
        return sum;
    }
}
