// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Kernels} in double precision on Java arrays, one thread, plain loops in ascending order: the oracle of every
 * test (itself checked by finite differences, for which float is too coarse) and the fallback on machines without
 * vectors.
 */
public final class ReferenceKernels implements Kernels {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemoryAccounts accounts = new MemoryAccounts();

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String describe() {
        return "reference(float64, plain Java, 1 thread)";
    }

    @Override
    public double roundOff() {
        return 0x1p-53;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public MemoryArena arena(String role) {
        return new ReferenceArena(role, accounts);
    }

    @Override
    public List<MemoryUse> memory() {
        return accounts.all();
    }

    private static double[] data(Tensor t) {
        return ReferenceTensor.of(t).data();
    }

    @Override
    public double get(Tensor t, int row, int column) {
        Shapes.column(t, row, column);
        return data(t)[row * t.columns() + column];
    }

    @Override
    public void set(Tensor t, int row, int column, double value) {
        Shapes.column(t, row, column);
        data(t)[row * t.columns() + column] = value;
    }

    @Override
    public void load(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        double[] to = data(t);
        int at = firstRow * t.columns();
        for (int i = 0; i < rows * t.columns(); i++) {
            to[at + i] = floats.get(FLOAT, (long) i * Float.BYTES);
        }
    }

    @Override
    public void store(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        double[] from = data(t);
        int at = firstRow * t.columns();
        for (int i = 0; i < rows * t.columns(); i++) {
            floats.set(FLOAT, (long) i * Float.BYTES, (float) from[at + i]);
        }
    }

    @Override
    public void readRow(Tensor t, int row, double[] into) {
        Shapes.rowRange(t, row, 1);
        System.arraycopy(data(t), row * t.columns(), into, 0, t.columns());
    }

    @Override
    public void writeRow(Tensor t, int row, double[] from) {
        Shapes.rowRange(t, row, 1);
        System.arraycopy(from, 0, data(t), row * t.columns(), t.columns());
    }

    @Override
    public void zero(Tensor t, int rows) {
        Shapes.rows(t, rows);
        Arrays.fill(data(t), 0, rows * t.columns(), 0);
    }

    @Override
    public void copy(Tensor from, Tensor to, int rows) {
        Shapes.rows(from, rows);
        Shapes.rows(to, rows);
        Shapes.columns(to, from.columns());
        System.arraycopy(data(from), 0, data(to), 0, rows * from.columns());
    }

    @Override
    public void add(Tensor x, Tensor y, int rows) {
        Shapes.rows(x, rows);
        Shapes.rows(y, rows);
        Shapes.columns(y, x.columns());
        ReferenceLinear.addScaled(1, data(x), 0, data(y), 0, rows * x.columns());
    }

    @Override
    public void scale(Tensor t, int rows, double factor) {
        Shapes.rows(t, rows);
        double[] numbers = data(t);
        for (int i = 0; i < rows * t.columns(); i++) {
            numbers[i] *= factor;
        }
    }

    @Override
    public void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y) {
        Shapes.rows(y, n);
        Shapes.columns(y, x.columns());
        Shapes.indices(rowIndex, n, x);
        for (int i = 0; i < n; i++) {
            System.arraycopy(data(x), rowIndex[i] * x.columns(), data(y), i * x.columns(), x.columns());
        }
    }

    @Override
    public void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x) {
        Shapes.rows(y, n);
        Shapes.columns(y, x.columns());
        Shapes.indices(rowIndex, n, x);
        int columns = x.columns();
        for (int i = 0; i < n; i++) {
            ReferenceLinear.addScaled(1, data(y), i * columns, data(x), rowIndex[i] * columns, columns);
        }
    }

    @Override
    public void linear(Tensor x, int rows, Tensor w, Tensor y) {
        Shapes.linear(x, rows, w, y);
        ReferenceLinear.forward(data(x), rows, data(w), w.columns(), w.rows(), data(y));
    }

    @Override
    public void linearBackwardInput(Tensor dy, int rows, Tensor w, Tensor dx, boolean accumulate) {
        Shapes.linear(dx, rows, w, dy);
        ReferenceLinear.backwardInput(data(dy), rows, data(w), w.columns(), w.rows(), data(dx), accumulate);
    }

    @Override
    public void linearBackwardWeight(Tensor dy, Tensor x, int rows, Tensor dw) {
        Shapes.linear(x, rows, dw, dy);
        ReferenceLinear.backwardWeight(data(dy), data(x), rows, dw.columns(), dw.rows(), data(dw));
    }

    @Override
    public void changed(Tensor w) {
        ReferenceTensor.of(w);
    }

    @Override
    public void embed(int[] ids, int rows, Tensor table, Tensor y) {
        gatherRows(table, ids, rows, y);
    }

    @Override
    public void embedBackward(int[] ids, int rows, Tensor dy, Tensor dTable) {
        scatterAddRows(dy, ids, rows, dTable);
    }

    @Override
    public void rmsNorm(Tensor x, Tensor delta, int rows, Tensor w, double epsilon, Tensor y, Tensor inverse) {
        Shapes.rmsNorm(x, delta, rows, w, y, inverse);
        if (delta != null) {
            add(delta, x, rows);
        }
        ReferenceLayers.rmsNorm(data(x), rows, x.columns(), data(w), epsilon, data(y), data(inverse));
    }

    @Override
    public void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw) {
        Shapes.rmsNormBackward(dy, x, inverse, rows, w, dx, dw);
        ReferenceLayers.rmsNormBackward(
                data(dy), data(x), data(inverse), rows, x.columns(), data(w), data(dx), ReferenceTensor.dataOrNull(dw));
    }

    @Override
    public void swiGlu(Tensor gateUp, int rows, Tensor y) {
        Shapes.swiGlu(gateUp, rows, y);
        ReferenceLayers.swiGlu(data(gateUp), rows, y.columns(), data(y));
    }

    @Override
    public void swiGluBackward(Tensor dy, Tensor gateUp, int rows, Tensor dGateUp) {
        Shapes.swiGlu(gateUp, rows, dy);
        Shapes.swiGlu(dGateUp, rows, dy);
        ReferenceLayers.swiGluBackward(data(dy), data(gateUp), rows, dy.columns(), data(dGateUp));
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
        for (int s = 0; s < segments.count(); s++) {
            for (int r = 0; r < segments.rows(s); r++) {
                int at = (segments.firstRow(s) + r) * x.columns() + firstColumn;
                int position = segments.past(s) + r;
                ReferenceLayers.rope(
                        data(x), at, heads, headSize, position, inverseFrequencies, scaling, inverse ? -1 : 1);
            }
        }
    }

    @Override
    public void storeKeyValues(
            Tensor qkv, int keyColumn, int valueColumn, Segments segments, KeyValuePages pages, int layer) {
        Shapes.storeKeyValues(qkv, keyColumn, valueColumn, segments, pages, layer);
        ReferencePages.of(pages).store(ReferenceTensor.of(qkv), keyColumn, valueColumn, segments, layer);
    }

    @Override
    public void copyPage(KeyValuePages pages, int fromPage, int toPage, int positions) {
        Shapes.copyPage(pages, fromPage, toPage, positions);
        ReferencePages.of(pages).copy(fromPage, toPage, positions);
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
        new ReferenceAttention(ReferencePages.of(pages), layer, heads, scale, ReferenceTensor.of(qkv))
                .forward(segments, data(out), ReferenceTensor.dataOrNull(logSumExp));
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
        new ReferenceAttention(ReferencePages.of(pages), layer, heads, scale, ReferenceTensor.of(qkv))
                .backward(segments, data(out), data(logSumExp), data(dOut), data(dQkv));
    }

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
        var softmax = new ReferenceVocabulary(data(logits), logits.columns(), temperature);
        for (int i = 0; i < rows; i++) {
            softmax.row(i);
            if (logProb != null) {
                logProb[at + i] = softmax.logProb(targets[at + i]);
            }
            if (entropy != null) {
                entropy[at + i] = softmax.entropy();
            }
            if (sumPiSquared != null) {
                sumPiSquared[at + i] = softmax.sumPiSquared();
            }
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
        var softmax = new ReferenceVocabulary(data(logits), logits.columns(), temperature);
        for (int i = 0; i < rows; i++) {
            softmax.row(i);
            softmax.backward(
                    targets == null ? -1 : targets[at + i],
                    orZero(gLogProb, at + i),
                    orZero(gEntropy, at + i),
                    orZero(gSumPiSquared, at + i),
                    data(dLogits));
        }
    }

    private static double orZero(double[] numbers, int i) {
        return numbers == null ? 0 : numbers[i];
    }

    @Override
    public double sumOfSquares(Tensor t) {
        double[] x = data(t);
        return ReferenceLinear.dot(x, 0, x, 0, x.length);
    }

    @Override
    public void adamW(Tensor w, Tensor gradient, Tensor m, Tensor v, AdamWStep step) {
        Shapes.sameShape(w, gradient);
        Shapes.sameShape(w, m);
        Shapes.sameShape(w, v);
        ReferenceOptimiser.adamW(data(w), data(gradient), data(m), data(v), step);
    }

    @Override
    public int firstNonFiniteRow(Tensor t, int rows) {
        Shapes.rows(t, rows);
        double[] numbers = data(t);
        for (int i = 0; i < rows * t.columns(); i++) {
            if (!Double.isFinite(numbers[i])) {
                return i / t.columns();
            }
        }
        return -1;
    }

    /** Nothing to give back: the memory is the collector's. */
    @Override
    public void close() {}
}
