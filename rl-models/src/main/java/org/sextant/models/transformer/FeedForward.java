// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/**
 * Feed-forward layer {@code y = f(x·Wᵀ + b)·Wdownᵀ + bdown}. f is {@code silu(gate) · up} of {@code [gate | up]} (arXiv 2002.05202) or GELU
 * in its tanh form (arXiv 1606.08415).
 */
record FeedForward(Kernels kernels, Family.Activation activation, Projection input, Projection output) {
    void forward(Tensor x, int rows, LayerBuffers b, Tensor y) {
        input.forward(x, rows, b.adapters(), b.feedForwardInput());
        switch (activation) {
            case GATED_SILU -> kernels.swiGlu(b.feedForwardInput(), rows, b.activated());
            case GELU -> kernels.gelu(b.feedForwardInput(), rows, b.activated());
        }
        output.forward(b.activated(), rows, b.adapters(), y);
    }

    /** Whether anything of it is trained. */
    boolean trains() {
        return input.trains() || output.trains();
    }

    /**
     * Goes back as far as something is trained, or to the input.
     *
     * @param dx overwritten; null where nobody asks for it
     * @return the gradient that was computed last; {@code dy} if none was
     */
    Tensor backward(Tensor dy, Tensor x, int rows, LayerBuffers b, GradientBuffers g, Tensor dx) {
        boolean further = dx != null || input.trains();
        output.backward(dy, b.activated(), rows, b.adapters(), further ? g.activated() : null);
        if (!further) {
            return dy;
        }
        switch (activation) {
            case GATED_SILU -> kernels.swiGluBackward(g.activated(), b.feedForwardInput(), rows, g.feedForwardInput());
            case GELU -> kernels.geluBackward(g.activated(), b.feedForwardInput(), rows, g.feedForwardInput());
        }
        input.backward(g.feedForwardInput(), x, rows, b.adapters(), dx);
        return dx == null ? g.feedForwardInput() : dx;
    }
}
