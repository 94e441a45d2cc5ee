// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Shapes;
import org.sextant.models.kernels.Tensor;
import org.sextant.nd4j.backend.Backend;
import org.sextant.nd4j.kernels.Heads.Columns;
import org.sextant.nd4j.kernels.Scratch.Slot;

/**
 * The kernels as ND4J operations in single precision, on whichever backend ND4J has: the portable ones, and those for GPUs. Sums are the
 * library's, so results agree with other kernels within rounding, not to the bit.
 */
public final class Nd4jKernels extends Nd4jRows {
    /** Numbers that the optimiser takes at once, so that its scratch stays small beside the weights. */
    private static final long OPTIMISED_AT_ONCE = 1 << 20;

    private final int threads;
    private final Backend backend;
    private final Norms norms = new Norms(scratch, operations);
    private final Heads heads = new Heads(scratch, operations, norms, own, transfers);
    private final Activations activations = new Activations(scratch, operations);
    private final SegmentPlan plan = new SegmentPlan(own, transfers);
    private final Attention attention = new Attention(scratch, operations, plan);
    private final KeyValueRows keyValues = new KeyValueRows(scratch, operations);
    private final Optimiser optimiser = new Optimiser(operations);
    private final VocabularyRows vocabulary = new VocabularyRows(scratch, operations, transfers);

    /**
     * Where ND4J computes already, or would by {@link Device#AUTO}; with the threads that it has.
     *
     * @param threads at least 1
     */
    public Nd4jKernels(int threads) {
        this(threads, Backend.use(Device.AUTO));
    }

    /** With a backend in hand ND4J has started, which the arrays of the fields need. */
    Nd4jKernels(int threads, Backend backend) {
        this.threads = threads;
        this.backend = backend;
    }

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public String describe() {
        return "nd4j(" + backend.describe() + ", float32, " + (threads == 1 ? "1 thread" : threads + " threads") + ")";
    }

    @Override
    public double roundOff() {
        return 0x1p-24;
    }

    @Override
    public double tolerance() {
        return 1e-3;
    }

    @Override
    public int threads() {
        return threads;
    }

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

    private static INDArray allOrNull(Tensor t) {
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

    // ---- attention

    @Override
    public void storeKeyValues(
            Tensor qkv, int keyColumn, int valueColumn, Segments segments, KeyValuePages pages, int layer) {
        Shapes.storeKeyValues(qkv, keyColumn, valueColumn, segments, pages, layer);
        int rows = segments.totalRows();
        if (rows > 0) {
            plan.of(segments);
            Nd4jPages own = Nd4jPages.of(pages);
            Nd4jTensor from = Nd4jTensor.of(qkv);
            keyValues.store(from.columns(keyColumn, own.width(), rows), own.layer(own.keys(), layer), plan);
            keyValues.store(from.columns(valueColumn, own.width(), rows), own.layer(own.values(), layer), plan);
        }
    }

    @Override
    public void copyPage(KeyValuePages pages, int fromPage, int toPage, int positions) {
        Shapes.copyPage(pages, fromPage, toPage, positions);
        if (positions > 0) {
            Nd4jPages.of(pages).copy(fromPage, toPage, positions);
        }
    }

    @Override
    public void attention(
            Tensor qkv,
            int heads,
            Segments segments,
            KeyValuePages pages,
            int layer,
            double scale,
            Tensor out,
            Tensor logSumExp) {
        Shapes.attention(qkv, heads, segments, pages, layer, scale, out, logSumExp);
        plan.of(segments);
        attention.forward(task(qkv, heads, pages, layer, scale), all(out), allOrNull(logSumExp));
    }

    private static Attention.Task task(Tensor qkv, int heads, KeyValuePages pages, int layer, double scale) {
        return new Attention.Task(all(qkv), qkv.columns(), heads, Nd4jPages.of(pages), layer, scale);
    }

    @Override
    public void attentionBackward(
            Tensor qkv,
            int heads,
            Segments segments,
            KeyValuePages pages,
            int layer,
            double scale,
            Tensor out,
            Tensor logSumExp,
            Tensor dOut,
            Tensor dQkv) {
        Shapes.attention(qkv, heads, segments, pages, layer, scale, out, logSumExp);
        Shapes.attentionBackward(qkv, heads, segments, pages, out, dOut, dQkv);
        plan.of(segments);
        attention.backward(task(qkv, heads, pages, layer, scale), all(out), all(logSumExp), all(dOut), all(dQkv));
    }

    // ---- vocabulary

    @Override
    public void vocabularyStatistics(
            Tensor logits,
            int rows,
            int[] targets,
            int at,
            double temperature,
            double[] logProb,
            double[] entropy,
            double[] sumPiSquared) {
        Shapes.vocabulary(logits, rows, targets, at, temperature);
        if (rows > 0) {
            vocabulary.statistics(rows(logits, rows), targets, at, temperature, logProb, entropy, sumPiSquared);
        }
    }

    @Override
    public void vocabularyStatisticsBackward(
            Tensor logits,
            int rows,
            int[] targets,
            int at,
            double temperature,
            double[] gLogProb,
            double[] gEntropy,
            double[] gSumPiSquared,
            Tensor dLogits) {
        Shapes.vocabulary(logits, rows, targets, at, temperature);
        Shapes.rows(dLogits, rows);
        Shapes.columns(dLogits, logits.columns());
        if (rows > 0) {
            vocabulary.backward(
                    rows(logits, rows),
                    targets,
                    at,
                    temperature,
                    gLogProb,
                    gEntropy,
                    gSumPiSquared,
                    rows(dLogits, rows));
        }
    }

    // ---- optimiser

    /** Of rows in single precision, their sum in double. */
    @Override
    public double sumOfSquares(Tensor t) {
        if (t.rows() == 0) {
            return 0;
        }
        // Of rows of one number ND4J gives the number, not its square.
        int rows = t.columns() == 1 ? 1 : t.rows();
        INDArray squares = scratch.numbers(Slot.ROWS, rows);
        operations.rowSquares(Views.matrix(all(t), 0, rows, t.size() / rows), Views.vector(squares, 0, rows));
        INDArray doubles = scratch.numbers(Slot.DOUBLES, rows + 1L);
        INDArray wide = Views.matrix(doubles, 1, 1, rows);
        wide.assign(Views.matrix(squares, 0, 1, rows));
        operations.sum(wide, Views.vector(doubles, 0, 1));
        return transfers.read(doubles);
    }

    @Override
    public void adamW(Tensor w, Tensor gradient, Tensor m, Tensor v, AdamWStep step) {
        Shapes.sameShape(w, gradient);
        Shapes.sameShape(w, m);
        Shapes.sameShape(w, v);
        for (long at = 0; at < w.size(); at += OPTIMISED_AT_ONCE) {
            long n = Math.min(OPTIMISED_AT_ONCE, w.size() - at);
            optimiser.adamW(
                    Views.vector(all(w), at, n),
                    Views.vector(all(gradient), at, n),
                    Views.vector(all(m), at, n),
                    Views.vector(all(v), at, n),
                    step,
                    Views.vector(scratch.numbers(Slot.A, n), 0, n),
                    Views.vector(scratch.numbers(Slot.B, n), 0, n));
        }
    }

    @Override
    public void close() {
        operations.close();
        own.close();
    }
}
