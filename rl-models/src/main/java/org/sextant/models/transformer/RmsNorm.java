// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** RMSNorm (arXiv 1910.07467): {@code y = x / rms(x) · w}. */
record RmsNorm(Kernels kernels, Parameter scale, double epsilon) implements Norm {
    @Override
    public boolean trains() {
        return scale.trains();
    }

    @Override
    public void forward(Tensor x, Tensor delta, int rows, Buffers b) {
        kernels.rmsNorm(x, delta, rows, scale.value(), epsilon, b.output(), b.statistics());
        if (b.input() != null) {
            kernels.copy(x, b.input(), rows);
        }
    }

    @Override
    public void backward(Tensor dy, Buffers b, int rows, Tensor dx) {
        kernels.rmsNormBackward(dy, b.input(), b.statistics(), rows, scale.value(), dx, scale.gradientIfTrained());
    }
}
