// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Kernels.AdamWStep;

/**
 * AdamW in PyTorch's order. ND4J's fused updater takes 1 − β₂ from a rounded β₂, which is a hundred thousandth off at 0.999, and adds epsilon
 * elsewhere; so it is composed.
 */
final class Optimiser {
    private final Operations operations;

    Optimiser(Operations operations) {
        this.operations = operations;
    }

    /** All arrays are as long; {@code t} and {@code u} are overwritten. */
    void adamW(INDArray w, INDArray gradient, INDArray m, INDArray v, AdamWStep step, INDArray t, INDArray u) {
        operations.scale(gradient, step.gradientScale(), t);
        operations.multiply(t, t, u);
        operations.scale(m, step.beta1(), m);
        operations.scale(t, 1 - step.beta1(), t);
        operations.add(m, t, m);
        operations.scale(v, step.beta2(), v);
        operations.scale(u, 1 - step.beta2(), u);
        operations.add(v, u, v);
        operations.sqrt(v, t);
        operations.scale(t, 1 / Math.sqrt(step.biasCorrection2()), t);
        operations.shift(t, step.epsilon(), t);
        operations.divide(m, t, u);
        operations.scale(u, step.learningRate() / step.biasCorrection1(), u);
        operations.scale(w, 1 - step.learningRate() * step.weightDecay(), w);
        operations.subtract(w, u, w);
    }
}
