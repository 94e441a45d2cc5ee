// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;

/** Products of row-major matrices in double: each sum runs over its index in ascending order. */
final class ReferenceLinear {
    private ReferenceLinear() {}

    /** {@code y = x·wᵀ}. */
    static void forward(double[] x, int rows, double[] w, int in, int out, double[] y) {
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += x[r * in + i] * w[o * in + i];
                }
                y[r * out + o] = sum;
            }
        }
    }

    /** {@code dx = dy·w}, added to what is there with {@code accumulate}. */
    static void backwardInput(double[] dy, int rows, double[] w, int in, int out, double[] dx, boolean accumulate) {
        for (int r = 0; r < rows; r++) {
            if (!accumulate) {
                Arrays.fill(dx, r * in, (r + 1) * in, 0);
            }
            for (int o = 0; o < out; o++) {
                addScaled(dy[r * out + o], w, o * in, dx, r * in, in);
            }
        }
    }

    /** {@code dw += dyᵀ·x}. */
    static void backwardWeight(double[] dy, double[] x, int rows, int in, int out, double[] dw) {
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                addScaled(dy[r * out + o], x, r * in, dw, o * in, in);
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
