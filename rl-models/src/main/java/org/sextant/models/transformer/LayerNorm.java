// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** Layer norm (arXiv 1607.06450): {@code y = (x − mean(x)) / sd(x) · w + b}. */
record LayerNorm(Kernels kernels, Parameter scale, Parameter shift, double epsilon) implements Norm {
    @Override
    public boolean trains() {
        return scale.trains() || shift.trains();
    }

    @Override
    public void forward(Tensor x, Tensor delta, int rows, Buffers b) {
        kernels.layerNorm(x, delta, rows, scale.value(), shift.value(), epsilon, b.output(), b.statistics());
        if (b.input() != null) {
            kernels.copy(x, b.input(), rows);
        }
    }

    @Override
    public void backward(Tensor dy, Buffers b, int rows, Tensor dx) {
        kernels.layerNormBackward(
                dy,
                b.input(),
                b.statistics(),
                rows,
                scale.value(),
                dx,
                scale.gradientIfTrained(),
                shift.gradientIfTrained());
    }
}
