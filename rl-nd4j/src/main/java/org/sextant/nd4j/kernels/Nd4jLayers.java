// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Shapes;
import org.sextant.models.kernels.Tensor;
import org.sextant.nd4j.kernels.Heads.Columns;

/** What {@link Nd4jKernels} computes row by row: products, norms, activations, positions. */
abstract class Nd4jLayers extends Nd4jRows {
    private final Norms norms = new Norms(scratch, operations);
    private final Heads heads = new Heads(scratch, operations, norms, own, transfers);
    private final Activations activations = new Activations(scratch, operations);
    final SegmentPlan plan = new SegmentPlan(own, transfers);

    // ---- linear

    @Override
    public void linear(Tensor x, int rows, Tensor w, Tensor bias, Tensor y) {
        Shapes.linear(x, rows, w, bias, y);
        if (rows == 0) {
            return;
        }
        INDArray out = rows(y, rows);
        operations.product(rows(x, rows), false, floats(w), true, 1, 0, out);
        if (bias != null) {
            operations.add(out, Views.matrix(all(bias), 0, 1, w.rows()), out);
        }
    }

    @Override
    public void linearInto(Tensor x, int rows, Tensor w, Tensor y, int firstColumn) {
        Shapes.product(x, rows, w, y, firstColumn);
        if (rows > 0) {
            INDArray out = Nd4jTensor.of(y).columns(firstColumn, w.rows(), rows);
            operations.product(rows(x, rows), false, floats(w), true, 1, 1, out);
        }
    }

    @Override
    public void linearBackwardInput(Tensor dy, int firstColumn, int rows, Tensor w, Tensor dx, boolean accumulate) {
        Shapes.product(dx, rows, w, dy, firstColumn);
        if (rows > 0) {
            INDArray gradient = Nd4jTensor.of(dy).columns(firstColumn, w.rows(), rows);
            operations.product(gradient, false, floats(w), false, 1, accumulate ? 1 : 0, rows(dx, rows));
        }
    }

    @Override
    public void linearBackwardWeight(Tensor dy, int firstColumn, Tensor x, int rows, Tensor dw) {
        Shapes.product(x, rows, dw, dy, firstColumn);
        Shapes.trainable(dw);
        if (rows > 0) {
            INDArray gradient = Nd4jTensor.of(dy).columns(firstColumn, dw.rows(), rows);
            operations.product(gradient, true, rows(x, rows), false, 1, 1, all(dw));
        }
    }

    @Override
    public void biasBackward(Tensor dy, int rows, Tensor dBias) {
        Shapes.biasBackward(dy, rows, dBias);
        if (rows > 0) {
            norms.addColumnSums(rows(dy, rows), Views.matrix(all(dBias), 0, 1, dy.columns()));
        }
    }

    // ---- norm, activation, positions

    @Override
    public void rmsNorm(Tensor x, Tensor delta, int rows, Tensor w, double epsilon, Tensor y, Tensor inverse) {
        Shapes.rmsNorm(x, delta, rows, w, y, inverse);
        if (rows > 0) {
            addIfAny(delta, x, rows);
            norms.rms(rows(x, rows), all(w), epsilon, rows(y, rows), rows(inverse, rows));
        }
    }

    private void addIfAny(Tensor delta, Tensor x, int rows) {
        if (delta != null) {
            operations.add(rows(x, rows), rows(delta, rows), rows(x, rows));
        }
    }

    @Override
    public void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw) {
        Shapes.rmsNormBackward(dy, x, inverse, rows, w, dx, dw);
        if (rows > 0) {
            norms.rmsBackward(
                    rows(dy, rows), rows(x, rows), rows(inverse, rows), all(w), rows(dx, rows), allOrNull(dw));
        }
    }

    static INDArray allOrNull(Tensor t) {
        return t == null ? null : all(t);
    }

    @Override
    public void layerNorm(
            Tensor x, Tensor delta, int rows, Tensor w, Tensor b, double epsilon, Tensor y, Tensor statistics) {
        Shapes.layerNorm(x, delta, rows, w, b, y, statistics);
        if (rows > 0) {
            addIfAny(delta, x, rows);
            norms.layer(rows(x, rows), all(w), all(b), epsilon, rows(y, rows), rows(statistics, rows));
        }
    }

    @Override
    public void layerNormBackward(
            Tensor dy, Tensor x, Tensor statistics, int rows, Tensor w, Tensor dx, Tensor dw, Tensor db) {
        Shapes.layerNormBackward(dy, x, statistics, rows, w, dx, dw, db);
        if (rows > 0) {
            norms.layerBackward(
                    rows(dy, rows),
                    rows(x, rows),
                    rows(statistics, rows),
                    all(w),
                    rows(dx, rows),
                    allOrNull(dw),
                    allOrNull(db));
        }
    }

    @Override
    public void headNorm(
            Tensor x, int firstColumn, int heads, int headSize, int rows, Tensor w, double epsilon, Tensor inverse) {
        Shapes.headNorm(x, firstColumn, heads, headSize, rows, w, inverse);
        if (rows > 0) {
            var columns = new Columns(Nd4jTensor.of(x), firstColumn, heads, headSize, rows);
            this.heads.norm(columns, all(w), epsilon, Nd4jTensor.of(inverse));
        }
    }

    @Override
    public void headNormBackward(
            Tensor dx,
            Tensor x,
            Tensor inverse,
            int firstColumn,
            int heads,
            int headSize,
            int rows,
            Tensor w,
            Tensor dw) {
        Shapes.headNormBackward(dx, x, inverse, firstColumn, heads, headSize, rows, w, dw);
        if (rows > 0) {
            var gradient = new Columns(Nd4jTensor.of(dx), firstColumn, heads, headSize, rows);
            var before = new Columns(Nd4jTensor.of(x), firstColumn, heads, headSize, rows);
            this.heads.normBackward(gradient, before, all(w), Nd4jTensor.of(inverse), allOrNull(dw));
        }
    }

    @Override
    public void swiGlu(Tensor gateUp, int rows, Tensor y) {
        Shapes.swiGlu(gateUp, rows, y);
        if (rows > 0) {
            activations.swiGlu(Nd4jTensor.of(gateUp), rows, rows(y, rows));
        }
    }

    @Override
    public void swiGluBackward(Tensor dy, Tensor gateUp, int rows, Tensor dGateUp) {
        Shapes.swiGlu(gateUp, rows, dy);
        Shapes.swiGlu(dGateUp, rows, dy);
        if (rows > 0) {
            activations.swiGluBackward(rows(dy, rows), Nd4jTensor.of(gateUp), rows, Nd4jTensor.of(dGateUp));
        }
    }

    @Override
    public void gelu(Tensor x, int rows, Tensor y) {
        Shapes.activation(x);
        Shapes.pairs(x, y, rows);
        if (rows > 0) {
            activations.gelu(rows(x, rows), rows(y, rows));
        }
    }

    @Override
    public void geluBackward(Tensor dy, Tensor x, int rows, Tensor dx) {
        Shapes.activation(x);
        Shapes.pairs(x, dy, rows);
        Shapes.pairs(x, dx, rows);
        if (rows > 0) {
            activations.geluBackward(rows(dy, rows), rows(x, rows), rows(dx, rows));
        }
    }

    @Override
    public void rope(
            Tensor x,
            int firstColumn,
            int heads,
            int headSize,
            Segments segments,
            double[] inverseFrequencies,
            double scaling,
            boolean inverse) {
        Shapes.rope(x, firstColumn, heads, headSize, segments, inverseFrequencies);
        if (segments.totalRows() > 0) {
            plan.of(segments);
            var columns = new Columns(Nd4jTensor.of(x), firstColumn, heads, headSize, segments.totalRows());
            this.heads.rotate(columns, plan, inverseFrequencies, scaling, inverse);
        }
    }
}
