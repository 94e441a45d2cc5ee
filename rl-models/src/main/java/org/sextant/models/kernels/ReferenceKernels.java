// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * {@link Kernels} in double precision on Java arrays, one thread, plain loops in ascending order: the oracle of every
 * test (itself checked by finite differences, for which float is too coarse) and the fallback on machines without
 * vectors.
 */
public final class ReferenceKernels extends ReferenceRows {
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
    public double tolerance() {
        return 0;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public void linear(Tensor x, int rows, Tensor w, Tensor bias, Tensor y) {
        Shapes.linear(x, rows, w, bias, y);
        ReferenceLinear.start(data(y), rows, y.columns(), ReferenceTensor.dataOrNull(bias));
        ReferenceLinear.forward(data(x), rows, w, data(w), data(y), 0, y.columns());
    }

    @Override
    public void linearInto(Tensor x, int rows, Tensor w, Tensor y, int firstColumn) {
        Shapes.product(x, rows, w, y, firstColumn);
        ReferenceLinear.forward(data(x), rows, w, data(w), data(y), firstColumn, y.columns());
    }

    @Override
    public void linearBackwardInput(Tensor dy, int firstColumn, int rows, Tensor w, Tensor dx, boolean accumulate) {
        Shapes.product(dx, rows, w, dy, firstColumn);
        if (!accumulate) {
            zero(dx, rows);
        }
        ReferenceLinear.backwardInput(data(dy), firstColumn, dy.columns(), rows, w, data(w), data(dx));
    }

    @Override
    public void linearBackwardWeight(Tensor dy, int firstColumn, Tensor x, int rows, Tensor dw) {
        Shapes.product(x, rows, dw, dy, firstColumn);
        Shapes.trainable(dw);
        ReferenceLinear.backwardWeight(data(dy), firstColumn, dy.columns(), data(x), rows, dw, data(dw));
    }

    @Override
    public void biasBackward(Tensor dy, int rows, Tensor dBias) {
        Shapes.biasBackward(dy, rows, dBias);
        for (int r = 0; r < rows; r++) {
            ReferenceLinear.addScaled(1, data(dy), r * dy.columns(), data(dBias), 0, dy.columns());
        }
    }

    @Override
    public void layerNorm(
            Tensor x, Tensor delta, int rows, Tensor w, Tensor b, double epsilon, Tensor y, Tensor statistics) {
        Shapes.layerNorm(x, delta, rows, w, b, y, statistics);
        if (delta != null) {
            add(delta, x, rows);
        }
        ReferenceNorms.layerNorm(data(x), rows, x.columns(), data(w), data(b), epsilon, data(y), data(statistics));
    }

    @Override
    public void layerNormBackward(
            Tensor dy, Tensor x, Tensor statistics, int rows, Tensor w, Tensor dx, Tensor dw, Tensor db) {
        Shapes.layerNormBackward(dy, x, statistics, rows, w, dx, dw, db);
        ReferenceNorms.layerNormBackward(
                data(dy),
                data(x),
                data(statistics),
                rows,
                x.columns(),
                data(w),
                data(dx),
                ReferenceTensor.dataOrNull(dw),
                ReferenceTensor.dataOrNull(db));
    }

    @Override
    public void headNorm(
            Tensor x, int firstColumn, int heads, int headSize, int rows, Tensor w, double epsilon, Tensor inverse) {
        Shapes.headNorm(x, firstColumn, heads, headSize, rows, w, inverse);
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < heads; h++) {
                int at = r * x.columns() + firstColumn + h * headSize;
                data(inverse)[r * inverse.columns() + h] =
                        ReferenceNorms.headNorm(data(x), at, headSize, data(w), epsilon);
            }
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
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < heads; h++) {
                int at = r * x.columns() + firstColumn + h * headSize;
                double scale = data(inverse)[r * inverse.columns() + h];
                ReferenceNorms.headNormBackward(
                        data(dx), data(x), at, scale, headSize, data(w), ReferenceTensor.dataOrNull(dw));
            }
        }
    }

    @Override
    public void gelu(Tensor x, int rows, Tensor y) {
        Shapes.activation(x);
        Shapes.pairs(x, y, rows);
        for (int i = 0; i < rows * x.columns(); i++) {
            data(y)[i] = ReferenceLayers.gelu(data(x)[i]);
        }
    }

    @Override
    public void geluBackward(Tensor dy, Tensor x, int rows, Tensor dx) {
        Shapes.activation(x);
        Shapes.pairs(x, dy, rows);
        Shapes.pairs(x, dx, rows);
        for (int i = 0; i < rows * x.columns(); i++) {
            data(dx)[i] = data(dy)[i] * ReferenceLayers.geluSlope(data(x)[i]);
        }
    }

    @Override
    public void rmsNorm(Tensor x, Tensor delta, int rows, Tensor w, double epsilon, Tensor y, Tensor inverse) {
        Shapes.rmsNorm(x, delta, rows, w, y, inverse);
        if (delta != null) {
            add(delta, x, rows);
        }
        ReferenceNorms.rmsNorm(data(x), rows, x.columns(), data(w), epsilon, data(y), data(inverse));
    }

    @Override
    public void rmsNormBackward(Tensor dy, Tensor x, Tensor inverse, int rows, Tensor w, Tensor dx, Tensor dw) {
        Shapes.rmsNormBackward(dy, x, inverse, rows, w, dx, dw);
        ReferenceNorms.rmsNormBackward(
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

    /** Nothing to give back: the memory is the collector's. */
    @Override
    public void close() {}
}
