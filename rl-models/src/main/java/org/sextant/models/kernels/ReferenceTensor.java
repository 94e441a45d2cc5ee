// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Objects;

/** A row-major matrix in a Java array of doubles. */
record ReferenceTensor(String name, int rows, int columns, double[] data) implements Tensor {

    static ReferenceTensor of(Tensor t) {
        if (Objects.requireNonNull(t, "tensor") instanceof ReferenceTensor own) {
            return own;
        }
        throw Shapes.foreign(t, "reference");
    }

    static double[] dataOrNull(Tensor t) {
        return t == null ? null : of(t).data;
    }

    @Override
    public String toString() {
        return name + "[" + rows + ", " + columns + "]";
    }
}
