// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.List;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/**
 * {@code y = x·Wᵀ + b}, and what adapters add to it. Backward computes only what is trained or asked for.
 *
 * @param bias null for none
 * @param adapters those of its modules
 */
record Projection(Kernels kernels, Parameter weight, Parameter bias, List<LowRankAdapter> adapters) {
    void forward(Tensor x, int rows, AdapterBuffers b, Tensor y) {
        kernels.linear(x, rows, weight.value(), bias == null ? null : bias.value(), y);
        for (int i = 0; i < adapters.size(); i++) {
            adapters.get(i).forward(x, rows, b, y);
        }
    }

    /** Whether anything of it is trained. */
    boolean trains() {
        return weight.trains() || bias != null && bias.trains() || !adapters.isEmpty();
    }

    /**
     * @param x what {@link #forward} read
     * @param dx overwritten; null where nobody asks for it
     */
    void backward(Tensor dy, Tensor x, int rows, AdapterBuffers b, Tensor dx) {
        if (weight.trains()) {
            kernels.linearBackwardWeight(dy, 0, x, rows, weight.gradient());
        }
        if (bias != null && bias.trains()) {
            kernels.biasBackward(dy, rows, bias.gradient());
        }
        if (dx != null) {
            kernels.linearBackwardInput(dy, 0, rows, weight.value(), dx, false);
        }
        for (int i = 0; i < adapters.size(); i++) {
            adapters.get(i).backward(dy, x, rows, b, dx);
        }
    }
}
