// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Kernels.AdamWStep;

/**
 * AdamW in PyTorch's order. ND4J's fused updater takes 1 − β₂ from a rounded β₂, which is a hundred thousandth off at 0.999, and adds epsilon
 * elsewhere; so it is composed.
 */
final class Optimiser {
    private Optimiser() {}

    /** All arrays are as long; {@code t} and {@code u} are overwritten. */
    static void adamW(INDArray w, INDArray gradient, INDArray m, INDArray v, AdamWStep step, INDArray t, INDArray u) {
        Operations.scale(gradient, step.gradientScale(), t);
        Operations.multiply(t, t, u);
        Operations.scale(m, step.beta1(), m);
        Operations.scale(t, 1 - step.beta1(), t);
        Operations.add(m, t, m);
        Operations.scale(v, step.beta2(), v);
        Operations.scale(u, 1 - step.beta2(), u);
        Operations.add(v, u, v);
        Operations.sqrt(v, t);
        Operations.scale(t, 1 / Math.sqrt(step.biasCorrection2()), t);
        Operations.shift(t, step.epsilon(), t);
        Operations.divide(m, t, u);
        Operations.scale(u, step.learningRate() / step.biasCorrection1(), u);
        Operations.scale(w, 1 - step.learningRate() * step.weightDecay(), w);
        Operations.subtract(w, u, w);
    }
}
