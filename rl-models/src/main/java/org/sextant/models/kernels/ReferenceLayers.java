// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** RMSNorm, SwiGLU and rotary positions in double, as their papers write them. */
final class ReferenceLayers {
    private ReferenceLayers() {}

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

    /** {@code y = gate · sigmoid(gate) · up}. */
    static void swiGlu(double[] gateUp, int rows, int n, double[] y) {
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < n; i++) {
                double gate = gateUp[r * 2 * n + i];
                y[r * n + i] = gate * sigmoid(gate) * gateUp[r * 2 * n + n + i];
            }
        }
    }

    /** The derivative of {@code silu} is {@code σ(g) · (1 + g · (1 − σ(g)))}. */
    static void swiGluBackward(double[] dy, double[] gateUp, int rows, int n, double[] dGateUp) {
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < n; i++) {
                int atGate = r * 2 * n + i;
                double gate = gateUp[atGate];
                double up = gateUp[atGate + n];
                double sigmoid = sigmoid(gate);
                dGateUp[atGate] = dy[r * n + i] * up * sigmoid * (1 + gate * (1 - sigmoid));
                dGateUp[atGate + n] = dy[r * n + i] * gate * sigmoid;
            }
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /**
     * Rotates the pairs (i, i + headSize/2) of every head of one row at {@code position}; {@code sign} −1 rotates back.
     */
    static void rope(
            double[] x, int at, int heads, int headSize, int position, double[] frequencies, double scaling, int sign) {
        int half = headSize / 2;
        for (int i = 0; i < half; i++) {
            double cos = Math.cos(position * frequencies[i]) * scaling;
            double sin = Math.sin(position * frequencies[i]) * scaling * sign;
            for (int h = 0; h < heads; h++) {
                int first = at + h * headSize + i;
                double a = x[first];
                double b = x[first + half];
                x[first] = a * cos - b * sin;
                x[first + half] = b * cos + a * sin;
            }
        }
    }
}
