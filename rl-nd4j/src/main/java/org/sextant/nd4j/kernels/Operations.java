// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
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

/**
 * The ND4J operations that the primitives are composed of, each into an array that is there; no other class names one. A custom operation and its
 * context are made once and run with other arrays: making them takes ten times as long as running them on small ones.
 */
final class Operations implements AutoCloseable {
    private final List<Held> all = new ArrayList<>();
    private final Held[][] products = {
        {held("matmul", 0, 0, 0), held("matmul", 0, 1, 0)}, {held("matmul", 1, 0, 0), held("matmul", 1, 1, 0)}
    };
    private final Held multiply = held("multiply");
    private final Held add = held("add");
    private final Held subtract = held("subtract");
    private final Held divide = held("divide");
    private final Held gather = held("gather", 0);
    private final Held scatterAdd = held("scatter_add");
    private final Held scatterUpdate = held("scatter_upd");

    Operations() {
        // Without it rows with one index are added at once, and one is lost.
        scatterAdd.context().setBArguments(true);
    }

    /** An operation with what it is run with; its numbers are those of the last call. */
    private record Held(DynamicCustomOp operation, OpContext context, double[] numbers) {}

    private Held held(String name, long... flags) {
        OpContext context = Nd4j.getExecutioner().buildContext();
        if (flags.length > 0) {
            context.setIArguments(flags);
        }
        Held one = new Held(DynamicCustomOp.builder(name).build(), context, new double[] {Double.NaN, Double.NaN});
        all.add(one);
        return one;
    }

    private static void run(Held held, INDArray out, INDArray... in) {
        for (int i = 0; i < in.length; i++) {
            held.context().setInputArray(i, in[i]);
        }
        held.context().setOutputArray(0, out);
        Nd4j.getExecutioner().exec(held.operation(), held.context());
        // Else the context would keep a native handle of every array that it ever saw.
        held.context().purge();
    }

    @Override
    public void close() {
        all.forEach(one -> {
            try {
                one.context().close();
            } catch (Exception e) {
                throw new IllegalStateException("ND4J cannot close the context of an operation", e);
            }
        });
        all.clear();
    }

    /**
     * {@code z = alpha · a·b + beta · z}, with either operand turned over first; operands may be windows. Goes to oneDNN, four times as fast as
     * {@code INDArray.mmul}.
     */
    void product(INDArray a, boolean turnA, INDArray b, boolean turnB, double alpha, double beta, INDArray z) {
        Held product = products[turnA ? 1 : 0][turnB ? 1 : 0];
        if (product.numbers()[0] != alpha || product.numbers()[1] != beta) {
            product.context().setTArguments(alpha, beta);
            product.numbers()[0] = alpha;
            product.numbers()[1] = beta;
        }
        run(product, z, a, b);
    }

    /** {@code z = a ∘ b}, where a dimension of one is repeated. */
    void multiply(INDArray a, INDArray b, INDArray z) {
        run(multiply, z, a, b);
    }

    void add(INDArray a, INDArray b, INDArray z) {
        run(add, z, a, b);
    }

    void subtract(INDArray a, INDArray b, INDArray z) {
        run(subtract, z, a, b);
    }

    void divide(INDArray a, INDArray b, INDArray z) {
        run(divide, z, a, b);
    }

    void scale(INDArray a, double factor, INDArray z) {
        Nd4j.exec(new ScalarMultiplication(a, null, z, factor));
    }

    void shift(INDArray a, double number, INDArray z) {
        Nd4j.exec(new ScalarAdd(a, null, z, number));
    }

    void atLeast(INDArray a, double number, INDArray z) {
        Nd4j.exec(new ScalarMax(a, null, z, number));
    }

    void atMost(INDArray a, double number, INDArray z) {
        Nd4j.exec(new ScalarMin(a, null, z, number));
    }

    void exp(INDArray a, INDArray z) {
        Nd4j.exec(new Exp(a, z));
    }

    void log(INDArray a, INDArray z) {
        Nd4j.exec(new Log(a, z));
    }

    void sigmoid(INDArray a, INDArray z) {
        Nd4j.exec(new Sigmoid(a, z));
    }

    void sqrt(INDArray a, INDArray z) {
        Nd4j.exec(new Sqrt(a, z));
    }

    void reciprocal(INDArray a, INDArray z) {
        Nd4j.exec(new Reciprocal(a, z));
    }

    /** Largest of each row of a matrix. @param z [rows] */
    void rowMaximum(INDArray a, INDArray z) {
        Nd4j.exec(new Max(a, z, 1));
    }

    /** Sum of squares of each row of a matrix. @param z [rows] */
    void rowSquares(INDArray a, INDArray z) {
        Nd4j.exec(new SquaredNorm(a, z, 1));
    }

    /** Sum of a matrix of one row. @param z [1] */
    void sum(INDArray a, INDArray z) {
        Nd4j.exec(new Sum(a, z, 1));
    }

    /** {@code z[i] = a[index[i]]}, rows. */
    void gather(INDArray a, INDArray index, INDArray z) {
        run(gather, z, a, index);
    }

    /** {@code a[index[i]] += y[i]}, rows in order; an index may repeat. */
    void scatterAdd(INDArray a, INDArray index, INDArray y) {
        run(scatterAdd, a, a, index, y);
    }

    /** {@code a[index[i]] = y[i]}, rows. */
    void scatterUpdate(INDArray a, INDArray index, INDArray y) {
        run(scatterUpdate, a, a, index, y);
    }
}
