// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.util.Arrays;

/** Causal attention of grouped queries over paged keys and values, one query at a time. */
final class ReferenceAttention {
    private final ReferencePages pages;
    private final int layer;
    private final int heads;
    private final double scale;
    private final double[] qkv;
    private final int width;

    ReferenceAttention(ReferencePages pages, int layer, int heads, double scale, ReferenceTensor qkv) {
        this.pages = pages;
        this.layer = layer;
        this.heads = heads;
        this.scale = scale;
        this.qkv = qkv.data();
        this.width = qkv.columns();
    }

    /** Softmax of scaled scores over positions 0 … p, then the weighted sum of values. */
    void forward(Segments segments, double[] out, double[] logSumExp) {
        for (int s = 0; s < segments.count(); s++) {
            double[] scores = new double[segments.past(s) + segments.rows(s)];
            for (int r = 0; r < segments.rows(s); r++) {
                for (int h = 0; h < heads; h++) {
                    int row = segments.firstRow(s) + r;
                    int visible = segments.past(s) + r + 1;
                    double total = query(row, h, segments.pageTable(s), visible, scores, out);
                    if (logSumExp != null) {
                        logSumExp[row * heads + h] = total;
                    }
                }
            }
        }
    }

    private double query(int row, int head, int[] table, int visible, double[] scores, double[] out) {
        int size = pages.headSize();
        double maximum = Double.NEGATIVE_INFINITY;
        for (int p = 0; p < visible; p++) {
            scores[p] = scale * ReferenceLinear.dot(qkv, row * width + head * size, keys(table, p), at(head, p), size);
            maximum = Math.max(maximum, scores[p]);
        }
        double sum = 0;
        int outAt = (row * heads + head) * size;
        Arrays.fill(out, outAt, outAt + size, 0);
        for (int p = 0; p < visible; p++) {
            double weight = Math.exp(scores[p] - maximum);
            sum += weight;
            ReferenceLinear.addScaled(weight, values(table, p), at(head, p), out, outAt, size);
        }
        for (int i = 0; i < size; i++) {
            out[outAt + i] /= sum;
        }
        return maximum + Math.log(sum);
    }

    /** With P the softmax: dV = Pᵀ·dO, dS = P ∘ (dO·Vᵀ − rowsum(dO ∘ O)), dQ = scale · dS·K, dK = scale · dSᵀ·Q. */
    void backward(Segments segments, double[] out, double[] logSumExp, double[] dOut, double[] dQkv) {
        int size = pages.headSize();
        Arrays.fill(dQkv, 0, segments.totalRows() * width, 0);
        for (int s = 0; s < segments.count(); s++) {
            for (int r = 0; r < segments.rows(s); r++) {
                for (int h = 0; h < heads; h++) {
                    int row = segments.firstRow(s) + r;
                    int outAt = (row * heads + h) * size;
                    double along = ReferenceLinear.dot(dOut, outAt, out, outAt, size);
                    queryBackward(segments, s, r, h, logSumExp[row * heads + h], along, dOut, dQkv);
                }
            }
        }
    }

    private void queryBackward(
            Segments segments,
            int segment,
            int r,
            int head,
            double logSumExp,
            double along,
            double[] dOut,
            double[] dQkv) {
        int size = pages.headSize();
        int first = segments.firstRow(segment);
        int[] table = segments.pageTable(segment);
        int keyColumn = (heads + keyValueHead(head)) * size;
        int valueColumn = keyColumn + pages.keyValueHeads() * size;
        int queryAt = (first + r) * width + head * size;
        int outAt = ((first + r) * heads + head) * size;
        for (int p = 0; p <= r; p++) {
            double score = scale * ReferenceLinear.dot(qkv, queryAt, keys(table, p), at(head, p), size);
            double weight = Math.exp(score - logSumExp);
            double dWeight = ReferenceLinear.dot(dOut, outAt, values(table, p), at(head, p), size);
            double dScore = scale * weight * (dWeight - along);
            ReferenceLinear.addScaled(weight, dOut, outAt, dQkv, (first + p) * width + valueColumn, size);
            ReferenceLinear.addScaled(dScore, keys(table, p), at(head, p), dQkv, queryAt, size);
            ReferenceLinear.addScaled(dScore, qkv, queryAt, dQkv, (first + p) * width + keyColumn, size);
        }
    }

    private int keyValueHead(int head) {
        return head / (heads / pages.keyValueHeads());
    }

    private double[] keys(int[] table, int position) {
        return pages.keys()[table[position / KeyValuePages.POSITIONS]];
    }

    private double[] values(int[] table, int position) {
        return pages.values()[table[position / KeyValuePages.POSITIONS]];
    }

    private int at(int head, int position) {
        return pages.offset(layer, keyValueHead(head), position % KeyValuePages.POSITIONS);
    }
}
