// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.floating.SquaredNorm;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Reciprocal;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/** The ND4J operations that the primitives are composed of, each into an array that is there; no other class names one. */
final class Operations {
    private Operations() {}

    private static void run(String name, INDArray out, double[] numbers, int[] flags, INDArray... in) {
        var op = DynamicCustomOp.builder(name).addInputs(in).addOutputs(out);
        if (flags.length > 0) {
            op.addIntegerArguments(flags);
        }
        if (numbers.length > 0) {
            op.addFloatingPointArguments(numbers[0], numbers[1]);
        }
        Nd4j.exec(op.build());
    }

    private static final double[] NONE = {};
    private static final int[] NO_FLAGS = {};

    /**
     * {@code z = alpha · a·b + beta · z}, with either operand turned over first; operands may be windows. Goes to oneDNN, four times as fast as
     * {@code INDArray.mmul}.
     */
    static void product(INDArray a, boolean turnA, INDArray b, boolean turnB, double alpha, double beta, INDArray z) {
        run("matmul", z, new double[] {alpha, beta}, new int[] {turnA ? 1 : 0, turnB ? 1 : 0, 0}, a, b);
    }

    /** {@code z = a ∘ b}, where a dimension of one is repeated. */
    static void multiply(INDArray a, INDArray b, INDArray z) {
        run("multiply", z, NONE, NO_FLAGS, a, b);
    }

    static void add(INDArray a, INDArray b, INDArray z) {
        run("add", z, NONE, NO_FLAGS, a, b);
    }

    static void subtract(INDArray a, INDArray b, INDArray z) {
        run("subtract", z, NONE, NO_FLAGS, a, b);
    }

    static void divide(INDArray a, INDArray b, INDArray z) {
        run("divide", z, NONE, NO_FLAGS, a, b);
    }

    static void scale(INDArray a, double factor, INDArray z) {
        Nd4j.exec(new ScalarMultiplication(a, null, z, factor));
    }

    static void shift(INDArray a, double number, INDArray z) {
        Nd4j.exec(new ScalarAdd(a, null, z, number));
    }

    static void atLeast(INDArray a, double number, INDArray z) {
        Nd4j.exec(new ScalarMax(a, null, z, number));
    }

    static void atMost(INDArray a, double number, INDArray z) {
        Nd4j.exec(new ScalarMin(a, null, z, number));
    }

    static void exp(INDArray a, INDArray z) {
        Nd4j.exec(new Exp(a, z));
    }

    static void log(INDArray a, INDArray z) {
        Nd4j.exec(new Log(a, z));
    }

    static void sigmoid(INDArray a, INDArray z) {
        Nd4j.exec(new Sigmoid(a, z));
    }

    static void sqrt(INDArray a, INDArray z) {
        Nd4j.exec(new Sqrt(a, z));
    }

    static void reciprocal(INDArray a, INDArray z) {
        Nd4j.exec(new Reciprocal(a, z));
    }

    /** Largest of each row of a matrix. @param z [rows] */
    static void rowMaximum(INDArray a, INDArray z) {
        Nd4j.exec(new Max(a, z, 1));
    }

    /** Sum of squares of each row of a matrix. @param z [rows] */
    static void rowSquares(INDArray a, INDArray z) {
        Nd4j.exec(new SquaredNorm(a, z, 1));
    }

    /** Sum of a matrix of one row. @param z [1] */
    static void sum(INDArray a, INDArray z) {
        Nd4j.exec(new Sum(a, z, 1));
    }

    /** {@code z[i] = a[index[i]]}, rows. */
    static void gather(INDArray a, INDArray index, INDArray z) {
        run("gather", z, NONE, new int[] {0}, a, index);
    }

    /** {@code a[index[i]] += y[i]}, rows in order; an index may repeat. */
    static void scatterAdd(INDArray a, INDArray index, INDArray y) {
        Nd4j.exec(DynamicCustomOp.builder("scatter_add")
                .addInputs(a, index, y)
                .addOutputs(a)
                .addBooleanArguments(true)
                .build());
    }

    /** {@code a[index[i]] = y[i]}, rows. */
    static void scatterUpdate(INDArray a, INDArray index, INDArray y) {
        run("scatter_upd", a, NONE, NO_FLAGS, a, index, y);
    }
}
