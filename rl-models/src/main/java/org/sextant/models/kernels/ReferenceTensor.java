// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Objects;
import java.util.Optional;

/** A row-major matrix in a Java array of doubles; those of a BF16 weight are rounded when written. */
record ReferenceTensor(String name, int rows, int columns, Optional<WeightFormat> weightFormat, double[] data)
        implements Tensor {

    static ReferenceTensor of(Tensor t) {
        if (Objects.requireNonNull(t, "tensor") instanceof ReferenceTensor own) {
            return own;
        }
        throw Shapes.foreign(t, "reference");
    }

    static double[] dataOrNull(Tensor t) {
        return t == null ? null : of(t).data;
    }

    void write(int at, double x) {
        data[at] = isRounded() ? Bfloat16.rounded((float) x) : x;
    }

    private boolean isRounded() {
        return weightFormat.isPresent() && weightFormat.get() == WeightFormat.BF16;
    }

    @Override
    public String toString() {
        return name + "[" + rows + ", " + columns + "]";
    }
}
