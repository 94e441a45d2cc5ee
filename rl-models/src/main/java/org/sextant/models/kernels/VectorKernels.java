// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * {@link Kernels} in float32 on the Java Vector API, off the Java heap, on a pool of its own threads. Needs the module
 * {@code jdk.incubator.vector} and vectors of at least 8 floats; {@link KernelsChoice} checks both. One thread at a
 * time may call it.
 */
public final class VectorKernels implements Kernels {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemoryAccounts accounts = new MemoryAccounts();
    private final VectorArena own = new VectorArena("kernels", accounts);
    private final Threads threads;
    private final Gemm gemm;
    private final WeightPacking packing;
    private final VectorElementwise elementwise;
    private final VectorNorm norm;
    private final VectorSwiGlu swiGlu;
    private final VectorSwiGluBackward swiGluBackward;
    private final VectorRotary rotary;
    private final KeyValueStore keyValueStore;
    private final VectorAttention attention;
    private final VectorAttentionBackward attentionBackward;
    private final VectorVocabulary vocabulary;
    private final SquareSum squareSum;
    private final VectorOptimiser optimiser;

    /** Starts {@code threads - 1} daemon threads; {@link #close()} ends them. */
    public VectorKernels(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads: at least 1 is needed");
        }
        this.threads = new Threads(threads);
        Workspace[] workspaces = new Workspace[threads];
        for (int i = 0; i < threads; i++) {
            workspaces[i] = new Workspace(own);
        }
        gemm = new Gemm(this.threads, workspaces);
        packing = new WeightPacking(this.threads);
        elementwise = new VectorElementwise(this.threads);
        norm = new VectorNorm(this.threads);
        swiGlu = new VectorSwiGlu(this.threads, workspaces);
        swiGluBackward = new VectorSwiGluBackward(this.threads, workspaces);
        rotary = new VectorRotary(this.threads, own);
        keyValueStore = new KeyValueStore(this.threads);
        attention = new VectorAttention(this.threads, workspaces);
        attentionBackward = new VectorAttentionBackward(this.threads, workspaces);
        vocabulary = new VectorVocabulary(this.threads, workspaces);
        squareSum = new SquareSum(this.threads);
        optimiser = new VectorOptimiser(this.threads);
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String describe() {
        String count = threads() == 1 ? "1 thread" : threads() + " threads";
        return "vector(float32, " + Lanes.SPECIES.vectorBitSize() + " bit, " + count + ")";
    }

    @Override
    public double roundOff() {
        return 0x1p-24;
    }

    @Override
    public int threads() {
        return threads.count();
    }

    @Override
    public MemoryArena arena(String role) {
        return new VectorArena(role, accounts);
    }

    @Override
    public List<MemoryUse> memory() {
        return accounts.all();
    }

    private static long bytes(int rows, Tensor t) {
        return (long) rows * t.columns() * Float.BYTES;
    }

    @Override
    public double get(Tensor t, int row, int column) {
        Shapes.column(t, row, column);
        return Lanes.get(VectorTensor.of(t).address(row, column));
    }

    @Override
    public void set(Tensor t, int row, int column, double value) {
        Shapes.column(t, row, column);
        Lanes.set(VectorTensor.of(t).address(row, column), (float) value);
    }

    @Override
    public void load(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        MemorySegment to = Lanes.segment(VectorTensor.of(t).address(firstRow, 0), bytes(rows, t));
        MemorySegment.copy(floats, LITTLE_ENDIAN, 0, to, ValueLayout.JAVA_FLOAT, 0, (long) rows * t.columns());
    }

    @Override
    public void store(Tensor t, int firstRow, int rows, MemorySegment floats) {
        Shapes.rowRange(t, firstRow, rows);
        MemorySegment from = Lanes.segment(VectorTensor.of(t).address(firstRow, 0), bytes(rows, t));
        MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, 0, floats, LITTLE_ENDIAN, 0, (long) rows * t.columns());
    }

    @Override
    public void readRow(Tensor t, int row, double[] into) {
        Shapes.rowRange(t, row, 1);
        long from = VectorTensor.of(t).address(row, 0);
        for (int i = 0; i < t.columns(); i++) {
            into[i] = Lanes.get(from + (long) i * Float.BYTES);
        }
    }

    @Override
    public void writeRow(Tensor t, int row, double[] from) {
        Shapes.rowRange(t, row, 1);
        long to = VectorTensor.of(t).address(row, 0);
        for (int i = 0; i < t.columns(); i++) {
            Lanes.set(to + (long) i * Float.BYTES, (float) from[i]);
        }
    }

    @Override
    public void zero(Tensor t, int rows) {
        Shapes.rows(t, rows);
        Lanes.zero(VectorTensor.address(t), (long) rows * t.columns());
    }

    @Override
    public void copy(Tensor from, Tensor to, int rows) {
        Shapes.rows(from, rows);
        Shapes.rows(to, rows);
        Shapes.columns(to, from.columns());
        Lanes.copy(VectorTensor.address(from), VectorTensor.address(to), (long) rows * from.columns());
    }

    @Override
    public void add(Tensor x, Tensor y, int rows) {
        Shapes.rows(x, rows);
        Shapes.rows(y, rows);
        Shapes.columns(y, x.columns());
        elementwise.add(VectorTensor.address(x), VectorTensor.address(y), (long) rows * x.columns());
    }

    @Override
    public void scale(Tensor t, int rows, double factor) {
        Shapes.rows(t, rows);
        elementwise.scale(VectorTensor.address(t), (long) rows * t.columns(), (float) factor);
    }

    @Override
    public void gatherRows(Tensor x, int[] rowIndex, int n, Tensor y) {
        Shapes.rows(y, n);
        Shapes.columns(y, x.columns());
        Shapes.indices(rowIndex, n, x);
        elementwise.gather(VectorTensor.address(x), rowIndex, n, x.columns(), VectorTensor.address(y));
    }

    @Override
    public void scatterAddRows(Tensor y, int[] rowIndex, int n, Tensor x) {
        Shapes.rows(y, n);
        Shapes.columns(y, x.columns());
        Shapes.indices(rowIndex, n, x);
        VectorTensor from = VectorTensor.of(y);
        VectorTensor to = VectorTensor.of(x);
        for (int i = 0; i < n; i++) {
            VectorElementwise.add(from.address(i, 0), to.address(rowIndex[i], 0), x.columns());
        }
    }

    @Override
    public void linear(Tensor x, int rows, Tensor w, Tensor y) {
        Shapes.linear(x, rows, w, y);
        gemm.left(VectorTensor.address(x), false)
                .right(packing.packed(VectorTensor.of(w)), true)
                .result(VectorTensor.address(y), rows, w.rows(), w.columns(), false)
                .run();
    }

    @Override
    public void linearBackwardInput(Tensor dy, int rows, Tensor w, Tensor dx, boolean accumulate) {
        Shapes.linear(dx, rows, w, dy);
        gemm.left(VectorTensor.address(dy), false)
                .right(VectorTensor.address(w), false)
                .result(VectorTensor.address(dx), rows, w.columns(), w.rows(), accumulate)
                .run();
    }

    @Override
    public void linearBackwardWeight(Tensor dy, Tensor x, int rows, Tensor dw) {
        Shapes.linear(x, rows, dw, dy);
        gemm.left(VectorTensor.address(dy), true)
                .right(VectorTensor.address(x), false)
                .result(VectorTensor.address(dw), dw.rows(), dw.columns(), rows, true)
                .run();
    }

    @Override
    public void changed(Tensor w) {
        VectorTensor.of(w).packedIsCurrent(false);
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
        norm.forward(
                VectorTensor.address(x),
                VectorTensor.addressOrZero(delta),
                rows,
                x.columns(),
                VectorTensor.address(w),
                epsilon,
                VectorTensor.address(y),
                VectorTensor.address(inverse));
    }

    @Override
    public void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw) {
        Shapes.rmsNormBackward(dy, x, inverse, rows, w, dx, dw);
        norm.backward(
                VectorTensor.address(dy),
                VectorTensor.address(x),
                VectorTensor.address(inverse),
                rows,
                x.columns(),
                VectorTensor.address(w),
                VectorTensor.address(dx),
                VectorTensor.addressOrZero(dw));
    }

    @Override
    public void swiGlu(Tensor gateUp, int rows, Tensor y) {
        Shapes.swiGlu(gateUp, rows, y);
        swiGlu.run(VectorTensor.address(gateUp), rows, y.columns(), VectorTensor.address(y));
    }

    @Override
    public void swiGluBackward(Tensor dy, Tensor gateUp, int rows, Tensor dGateUp) {
        Shapes.swiGlu(gateUp, rows, dy);
        Shapes.swiGlu(dGateUp, rows, dy);
        swiGluBackward.run(
                VectorTensor.address(dy),
                VectorTensor.address(gateUp),
                rows,
                dy.columns(),
                VectorTensor.address(dGateUp));
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
        rotary.run(
                VectorTensor.of(x).address(0, firstColumn),
                x.columns(),
                heads,
                headSize,
                segments,
                inverseFrequencies,
                scaling,
                inverse);
    }

    @Override
    public void storeKeyValues(
            Tensor qkv, int keyColumn, int valueColumn, Segments segments, KeyValuePages pages, int layer) {
        Shapes.storeKeyValues(qkv, keyColumn, valueColumn, segments, pages, layer);
        keyValueStore.run(VectorTensor.of(qkv), keyColumn, valueColumn, segments, VectorPages.of(pages), layer);
    }

    @Override
    public void copyPage(KeyValuePages pages, int fromPage, int toPage, int positions) {
        Shapes.copyPage(pages, fromPage, toPage, positions);
        VectorPages.of(pages).copy(fromPage, toPage, positions);
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
        attention.run(
                VectorTensor.of(qkv),
                heads,
                segments,
                VectorPages.of(pages),
                layer,
                scale,
                VectorTensor.address(out),
                VectorTensor.addressOrZero(logSumExp));
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
        attentionBackward.run(
                VectorTensor.of(qkv),
                heads,
                segments,
                VectorPages.of(pages),
                layer,
                scale,
                VectorTensor.address(out),
                VectorTensor.address(logSumExp),
                VectorTensor.address(dOut),
                VectorTensor.address(dQkv));
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
        vocabulary.forward(
                VectorTensor.address(logits),
                rows,
                logits.columns(),
                targets,
                at,
                temperature,
                logProb,
                entropy,
                sumPiSquared);
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
        vocabulary.backward(
                VectorTensor.address(logits),
                rows,
                logits.columns(),
                targets,
                at,
                temperature,
                gLogProb,
                gEntropy,
                gSumPiSquared,
                VectorTensor.address(dLogits));
    }

    @Override
    public double sumOfSquares(Tensor t) {
        return squareSum.of(VectorTensor.address(t), t.size());
    }

    @Override
    public void adamW(Tensor w, Tensor gradient, Tensor m, Tensor v, AdamWStep step) {
        Shapes.sameShape(w, gradient);
        Shapes.sameShape(w, m);
        Shapes.sameShape(w, v);
        optimiser.adamW(
                VectorTensor.address(w),
                VectorTensor.address(gradient),
                VectorTensor.address(m),
                VectorTensor.address(v),
                w.size(),
                step);
        changed(w);
    }

    @Override
    public int firstNonFiniteRow(Tensor t, int rows) {
        Shapes.rows(t, rows);
        VectorTensor own = VectorTensor.of(t);
        for (int r = 0; r < rows; r++) {
            if (!VectorElementwise.allFinite(own.address(r, 0), t.columns())) {
                return r;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        threads.close();
        own.close();
    }
}
