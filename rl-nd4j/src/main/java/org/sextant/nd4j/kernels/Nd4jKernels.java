// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.Device;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Segments;
import org.sextant.models.kernels.Shapes;
import org.sextant.models.kernels.Tensor;
import org.sextant.nd4j.backend.Backend;
import org.sextant.nd4j.kernels.Scratch.Slot;

/**
 * The kernels as ND4J operations in single precision, on whichever backend ND4J has: the portable ones, and those for GPUs. Sums are the
 * library's, so results agree with other kernels within rounding, not to the bit.
 */
public final class Nd4jKernels extends Nd4jLayers {
    /** Numbers that the optimiser takes at once, so that its scratch stays small beside the weights. */
    private static final long OPTIMISED_AT_ONCE = 1 << 20;

    private final int threads;
    private final Backend backend;
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
