// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** Feed-forward layer with a gated activation (arXiv 2002.05202): {@code [g | u] = x·Wᵀ, y = (silu(g) · u)·Wdownᵀ}. */
final class SwiGluFeedForward {
    private final Kernels kernels;
    private final Parameter gateUp;
    private final Parameter down;

    SwiGluFeedForward(Kernels kernels, Parameter gateUp, Parameter down) {
        this.kernels = kernels;
        this.gateUp = gateUp;
        this.down = down;
    }

    void forward(Tensor x, int rows, LayerBuffers b, Tensor y) {
        kernels.linear(x, rows, gateUp.value(), null, b.gateUp());
        kernels.swiGlu(b.gateUp(), rows, b.activated());
        kernels.linear(b.activated(), rows, down.value(), null, y);
    }

    void backward(Tensor dy, Tensor x, int rows, LayerBuffers b, GradientBuffers g, Tensor dx) {
        kernels.linearBackwardWeight(dy, 0, b.activated(), rows, down.gradient());
        kernels.linearBackwardInput(dy, 0, rows, down.value(), g.activated(), false);
        kernels.swiGluBackward(g.activated(), b.gateUp(), rows, g.gateUp());
        kernels.linearBackwardWeight(g.gateUp(), 0, x, rows, gateUp.gradient());
        kernels.linearBackwardInput(g.gateUp(), 0, rows, gateUp.value(), dx, false);
    }
}
