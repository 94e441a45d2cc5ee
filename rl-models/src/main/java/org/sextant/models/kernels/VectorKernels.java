// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * {@link Kernels} in float32 on the Java Vector API, off the Java heap, on a pool of its own threads. Needs the module
 * {@code jdk.incubator.vector} and vectors of at least 8 floats; {@link KernelsChoice} checks both. One thread at a
 * time may call it.
 */
public final class VectorKernels extends VectorRows {
    private final Gemm gemm;
    private final RightOperands.Panels panels = new RightOperands.Panels();
    private final TurnedPanels turnedPanels;
    private final RightOperands.Columns columns = new RightOperands.Columns();
    private final VectorBiasGradient biasGradient;
    private final VectorNorm norm;
    private final VectorLayerNorm layerNorm;
    private final VectorLayerNormBackward layerNormBackward;
    private final VectorHeadNorm headNorm;
    private final VectorGelu gelu;
    private final VectorSwiGlu swiGlu;
    private final VectorSwiGluBackward swiGluBackward;
    private final VectorRotary rotary;
    private final KeyValueStore keyValueStore;
    private final VectorAttention attention;
    private final VectorAttentionBackward attentionBackward;
    private final VectorVocabulary vocabulary;

    /** Starts {@code threads - 1} daemon threads; {@link #close()} ends them. */
    public VectorKernels(int threads) {
        super(threads);
        Workspace[] workspaces = new Workspace[threads];
        for (int i = 0; i < threads; i++) {
            workspaces[i] = new Workspace(own);
        }
        gemm = new Gemm(this.threads, workspaces);
        turnedPanels = new TurnedPanels(this.threads, workspaces, own);
        biasGradient = new VectorBiasGradient(this.threads);
        norm = new VectorNorm(this.threads);
        layerNorm = new VectorLayerNorm(this.threads);
        layerNormBackward = new VectorLayerNormBackward(this.threads);
        headNorm = new VectorHeadNorm(this.threads);
        gelu = new VectorGelu(this.threads, workspaces);
        swiGlu = new VectorSwiGlu(this.threads, workspaces);
        swiGluBackward = new VectorSwiGluBackward(this.threads, workspaces);
        rotary = new VectorRotary(this.threads, own);
        keyValueStore = new KeyValueStore(this.threads);
        attention = new VectorAttention(this.threads, workspaces);
        attentionBackward = new VectorAttentionBackward(this.threads, workspaces);
        vocabulary = new VectorVocabulary(this.threads, workspaces);
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
    public void linear(Tensor x, int rows, Tensor w, Tensor bias, Tensor y) {
        Shapes.linear(x, rows, w, bias, y);
        gemm.left(VectorTensor.address(x), x.columns(), false)
                .right(panels.of(VectorWeight.of(w)))
                .size(rows, w.rows(), w.columns())
                .into(VectorTensor.address(y), y.columns(), VectorTensor.addressOrZero(bias));
    }

    @Override
    public void linearInto(Tensor x, int rows, Tensor w, Tensor y, int firstColumn) {
        Shapes.product(x, rows, w, y, firstColumn);
        gemm.left(VectorTensor.address(x), x.columns(), false)
                .right(panels.of(VectorWeight.of(w)))
                .size(rows, w.rows(), w.columns())
                .addTo(VectorTensor.of(y).address(0, firstColumn), y.columns());
    }

    @Override
    public void linearBackwardInput(Tensor dy, int firstColumn, int rows, Tensor w, Tensor dx, boolean accumulate) {
        Shapes.product(dx, rows, w, dy, firstColumn);
        gemm.left(VectorTensor.of(dy).address(0, firstColumn), dy.columns(), false)
                .right(turnedPanels.of(VectorWeight.of(w)))
                .size(rows, w.columns(), w.rows());
        if (accumulate) {
            gemm.addTo(VectorTensor.address(dx), dx.columns());
        } else {
            gemm.into(VectorTensor.address(dx), dx.columns(), 0);
        }
    }

    @Override
    public void linearBackwardWeight(Tensor dy, int firstColumn, Tensor x, int rows, Tensor dw) {
        Shapes.product(x, rows, dw, dy, firstColumn);
        Shapes.trainable(dw);
        gemm.left(VectorTensor.address(x), x.columns(), true)
                .right(columns.of(VectorTensor.of(dy).address(0, firstColumn), dy.columns(), dw.rows()))
                .size(dw.columns(), dw.rows(), rows)
                .addToPanels(VectorWeight.of(dw).address());
    }

    @Override
    public void biasBackward(Tensor dy, int rows, Tensor dBias) {
        Shapes.biasBackward(dy, rows, dBias);
        biasGradient.run(VectorTensor.address(dy), rows, dy.columns(), VectorTensor.address(dBias));
    }

    @Override
    public void layerNorm(
            Tensor x, Tensor delta, int rows, Tensor w, Tensor b, double epsilon, Tensor y, Tensor statistics) {
        Shapes.layerNorm(x, delta, rows, w, b, y, statistics);
        layerNorm.run(
                VectorTensor.address(x),
                VectorTensor.addressOrZero(delta),
                rows,
                x.columns(),
                VectorTensor.address(w),
                VectorTensor.address(b),
                epsilon,
                VectorTensor.address(y),
                VectorTensor.address(statistics));
    }

    @Override
    public void layerNormBackward(
            Tensor dy, Tensor x, Tensor statistics, int rows, Tensor w, Tensor dx, Tensor dw, Tensor db) {
        Shapes.layerNormBackward(dy, x, statistics, rows, w, dx, dw, db);
        layerNormBackward.run(
                VectorTensor.address(dy),
                VectorTensor.address(x),
                VectorTensor.address(statistics),
                rows,
                x.columns(),
                VectorTensor.address(w),
                VectorTensor.address(dx),
                VectorTensor.addressOrZero(dw),
                VectorTensor.addressOrZero(db));
    }

    @Override
    public void headNorm(
            Tensor x, int firstColumn, int heads, int headSize, int rows, Tensor w, double epsilon, Tensor inverse) {
        Shapes.headNorm(x, firstColumn, heads, headSize, rows, w, inverse);
        headNorm.forward(
                VectorTensor.of(x),
                firstColumn,
                heads,
                headSize,
                rows,
                VectorTensor.address(w),
                epsilon,
                VectorTensor.of(inverse));
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
        headNorm.backward(
                VectorTensor.of(dx),
                VectorTensor.of(x),
                VectorTensor.of(inverse),
                firstColumn,
                heads,
                headSize,
                rows,
                VectorTensor.address(w),
                VectorTensor.addressOrZero(dw));
    }

    @Override
    public void gelu(Tensor x, int rows, Tensor y) {
        Shapes.pairs(x, y, rows);
        gelu.forward(VectorTensor.address(x), (long) rows * x.columns(), VectorTensor.address(y));
    }

    @Override
    public void geluBackward(Tensor dy, Tensor x, int rows, Tensor dx) {
        Shapes.pairs(x, dy, rows);
        Shapes.pairs(x, dx, rows);
        gelu.backward(
                VectorTensor.address(dy), VectorTensor.address(x), (long) rows * x.columns(), VectorTensor.address(dx));
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
        VectorPages.of(pages).copy(fromPage, toPage);
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
}
