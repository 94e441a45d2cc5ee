// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * {@link Kernels} in float32 on the Java Vector API, off the Java heap, on a pool of its own threads. Needs the module
 * {@code jdk.incubator.vector} and vectors of at least 8 floats; {@link KernelsChoice} checks both. One thread at a
 * time may call it.
 */
public final class VectorKernels extends VectorRows {
    private final Gemm gemm;
    private final WeightPacking packing;
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
        super(threads);
        Workspace[] workspaces = new Workspace[threads];
        for (int i = 0; i < threads; i++) {
            workspaces[i] = new Workspace(own);
        }
        gemm = new Gemm(this.threads, workspaces);
        packing = new WeightPacking(this.threads);
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
}
