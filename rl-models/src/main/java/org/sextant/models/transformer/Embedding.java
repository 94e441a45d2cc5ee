// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.Tensor;

/** Token embedding: {@code x[i] = E[ids[i]]}. */
final class Embedding {
    private final Kernels kernels;
    private final Parameter table;

    Embedding(Kernels kernels, Parameter table) {
        this.kernels = kernels;
        this.table = table;
    }

    void forward(int[] ids, int rows, Tensor x) {
        kernels.embed(ids, rows, table.value(), x);
    }

    void backward(int[] ids, int rows, Tensor dx) {
        kernels.embedBackward(ids, rows, dx, table.gradient());
    }
}
