// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** RMSNorm and layer normalisation in double, as their papers write them. */
final class ReferenceNorms {
    private ReferenceNorms() {}

    /** {@code y = x · inverse · w} with {@code inverse = 1 / sqrt(mean(x²) + epsilon)} per row. */
    static void rmsNorm(double[] x, int rows, int n, double[] w, double epsilon, double[] y, double[] inverse) {
        for (int r = 0; r < rows; r++) {
            double meanSquare = ReferenceLinear.dot(x, r * n, x, r * n, n) / n;
            inverse[r] = 1 / Math.sqrt(meanSquare + epsilon);
            for (int i = 0; i < n; i++) {
                y[r * n + i] = x[r * n + i] * inverse[r] * w[i];
            }
        }
    }

    /** {@code dx += inverse · (dy·w − x · inverse² · mean(dy·w·x))}, {@code dw += Σ_rows dy · x · inverse}. */
    static void rmsNormBackward(
            double[] dy, double[] x, double[] inverse, int rows, int n, double[] w, double[] dx, double[] dw) {
        for (int r = 0; r < rows; r++) {
            double meanOfProducts = 0;
            for (int i = r * n; i < (r + 1) * n; i++) {
                meanOfProducts += dy[i] * w[i - r * n] * x[i] / n;
            }
            double along = meanOfProducts * inverse[r] * inverse[r];
            for (int i = r * n; i < (r + 1) * n; i++) {
                dx[i] += inverse[r] * (dy[i] * w[i - r * n] - x[i] * along);
                if (dw != null) {
                    dw[i - r * n] += dy[i] * x[i] * inverse[r];
                }
            }
        }
    }

    /** {@code y = (x − mean) · inverse · w + b} with {@code inverse = 1 / sqrt(variance + epsilon)} per row. */
    static void layerNorm(
            double[] x, int rows, int n, double[] w, double[] b, double epsilon, double[] y, double[] statistics) {
        for (int r = 0; r < rows; r++) {
            double mean = 0;
            for (int i = r * n; i < (r + 1) * n; i++) {
                mean += x[i] / n;
            }
            double variance = 0;
            for (int i = r * n; i < (r + 1) * n; i++) {
                variance += (x[i] - mean) * (x[i] - mean) / n;
            }
            double inverse = 1 / Math.sqrt(variance + epsilon);
            for (int i = 0; i < n; i++) {
                y[r * n + i] = (x[r * n + i] - mean) * inverse * w[i] + b[i];
            }
            statistics[2 * r] = mean;
            statistics[2 * r + 1] = inverse;
        }
    }

    /**
     * With x̂ = (x − mean) · inverse and g = dy·w: {@code dx += inverse · (g − mean(g) − x̂ · mean(g·x̂))},
     * {@code dw += Σ_rows dy · x̂}, {@code db += Σ_rows dy}.
     */
    static void layerNormBackward(
            double[] dy,
            double[] x,
            double[] statistics,
            int rows,
            int n,
            double[] w,
            double[] dx,
            double[] dw,
            double[] db) {
        for (int r = 0; r < rows; r++) {
            double mean = statistics[2 * r];
            double inverse = statistics[2 * r + 1];
            double meanOfG = 0;
            double meanOfProducts = 0;
            for (int i = 0; i < n; i++) {
                double g = dy[r * n + i] * w[i];
                meanOfG += g / n;
                meanOfProducts += g * (x[r * n + i] - mean) * inverse / n;
            }
            for (int i = 0; i < n; i++) {
                double normed = (x[r * n + i] - mean) * inverse;
                dx[r * n + i] += inverse * (dy[r * n + i] * w[i] - meanOfG - normed * meanOfProducts);
                if (dw != null) {
                    dw[i] += dy[r * n + i] * normed;
                    db[i] += dy[r * n + i];
                }
            }
        }
    }

    /** Normalises {@code x[at … at + n - 1]} in place; returns 1 / root. */
    static double headNorm(double[] x, int at, int n, double[] w, double epsilon) {
        double inverse = 1 / Math.sqrt(ReferenceLinear.dot(x, at, x, at, n) / n + epsilon);
        for (int i = 0; i < n; i++) {
            x[at + i] *= inverse * w[i];
        }
        return inverse;
    }

    /** {@code dx = inverse · (dx·w − x · inverse² · mean(dx·w·x))}, {@code dw += dx · x · inverse}. */
    static void headNormBackward(double[] dx, double[] x, int at, double inverse, int n, double[] w, double[] dw) {
        double meanOfProducts = 0;
        for (int i = 0; i < n; i++) {
            meanOfProducts += dx[at + i] * w[i] * x[at + i] / n;
        }
        double along = meanOfProducts * inverse * inverse;
        for (int i = 0; i < n; i++) {
            if (dw != null) {
                dw[i] += dx[at + i] * x[at + i] * inverse;
            }
            dx[at + i] = inverse * (dx[at + i] * w[i] - x[at + i] * along);
        }
    }
}
