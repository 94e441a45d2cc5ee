// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** RMSNorm of neighbouring heads, each for itself and all with the same weight (Qwen3, arXiv 2505.09388). */
record HeadNorm(Kernels kernels, Parameter scale, double epsilon, int firstColumn, int heads, int headSize) {
    boolean trains() {
        return scale.trains();
    }

    /** In place. */
    void forward(Tensor qkv, int rows, Tensor inverse) {
        kernels.headNorm(qkv, firstColumn, heads, headSize, rows, scale.value(), epsilon, inverse);
    }

    /**
     * In place.
     *
     * @param input what {@link #forward} was given
     */
    void backward(Tensor dQkv, Tensor input, Tensor inverse, int rows) {
        kernels.headNormBackward(
                dQkv, input, inverse, firstColumn, heads, headSize, rows, scale.value(), scale.gradientIfTrained());
    }
}
