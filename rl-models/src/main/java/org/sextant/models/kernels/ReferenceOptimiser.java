// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/** AdamW in double, in the order of PyTorch's {@code torch.optim.AdamW}. */
final class ReferenceOptimiser {
    private ReferenceOptimiser() {}

    static void adamW(double[] w, double[] gradient, double[] m, double[] v, Kernels.AdamWStep step) {
        for (int i = 0; i < w.length; i++) {
            double g = step.gradientScale() * gradient[i];
            w[i] *= 1 - step.learningRate() * step.weightDecay();
            m[i] = step.beta1() * m[i] + (1 - step.beta1()) * g;
            v[i] = step.beta2() * v[i] + (1 - step.beta2()) * g * g;
            double root = Math.sqrt(v[i]) / Math.sqrt(step.biasCorrection2()) + step.epsilon();
            w[i] -= step.learningRate() / step.biasCorrection1() * m[i] / root;
        }
    }
}
