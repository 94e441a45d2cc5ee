// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** Activations and rotary positions in double, as their papers write them. */
final class ReferenceLayers {
    private ReferenceLayers() {}

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

    private static final double GELU_ROOT = Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBE = 0.044715;

    static double gelu(double x) {
        return 0.5 * x * (1 + Math.tanh(GELU_ROOT * (x + GELU_CUBE * x * x * x)));
    }

    /** {@code (1 + t)/2 + x/2 · (1 − t²) · sqrt(2/π) · (1 + 3 · 0.044715 x²)} with t the hyperbolic tangent. */
    static double geluSlope(double x) {
        double t = Math.tanh(GELU_ROOT * (x + GELU_CUBE * x * x * x));
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_ROOT * (1 + 3 * GELU_CUBE * x * x);
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
