// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whole arrays between Java and ND4J, in row-major order; the type is the array's. */
final class Numbers {
    private Numbers() {}

    static INDArray array(double[] numbers, DataType type, long... shape) {
        INDArray doubles = Nd4j.createFromArray(numbers);
        if (type == DataType.DOUBLE) {
            return doubles.reshape('c', shape);
        }
        try (doubles) {
            return doubles.castTo(type).reshape('c', shape);
        }
    }

    static double[] of(INDArray array) {
        try (INDArray packed = array.dup('c')) {
            return packed.data().asDouble();
        }
    }
}
