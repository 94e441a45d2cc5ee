// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax statistics of a row of logits, with d = (z − max z) / temperature. Exponentials are float32 and summed lane by lane within
 * {@link #BLOCK} columns; sums of blocks and everything after them are double, so a large vocabulary costs no digits.
 */
final class VectorVocabulary extends RowWork {
    private static final int BLOCK = 512;
    private static final int COST = 8;

    /** Stands for −∞ where it would meet a probability of 0. */
    private static final float LOWEST = -1e30f;

    private final Threads threads;
    private final Row[] rowOfWorker;

    private long logits;
    private int n;
    private int[] targets;
    private int at;
    private double temperature;
    private double[] logProb;
    private double[] entropy;
    private double[] sumPiSquared;
    private long dLogits;

    VectorVocabulary(Threads threads) {
        this.threads = threads;
        rowOfWorker = new Row[threads.count()];
        for (int i = 0; i < rowOfWorker.length; i++) {
            rowOfWorker[i] = new Row();
        }
    }

    void forward(long logits, int rows, int n, int[] targets, int at, double temperature, double[] logProb, double[] entropy,
            double[] sumPiSquared) {
        backward(logits, rows, n, targets, at, temperature, logProb, entropy, sumPiSquared, 0);
    }

    /** The three arrays are the gradients of the statistics. */
    void backward(long logits, int rows, int n, int[] targets, int at, double temperature, double[] logProb,
            double[] entropy, double[] sumPiSquared, long dLogits) {
        this.logits = logits;
        this.n = n;
        this.targets = targets;
        this.at = at;
        this.temperature = temperature;
        this.logProb = logProb;
        this.entropy = entropy;
        this.sumPiSquared = sumPiSquared;
        this.dLogits = dLogits;
        launch(threads, rows, (long) COST * n);
        this.targets = null;
        this.logProb = null;
        this.entropy = null;
        this.sumPiSquared = null;
    }

    @Override
    void rows(int from, int to, int worker) {
        Row row = rowOfWorker[worker];
        for (int r = from; r < to; r++) {
            long z = logits + (long) r * n * Float.BYTES;
            if (dLogits == 0) {
                row.reduce(z, n, temperature);
                write(row, z, at + r);
            } else {
                gradient(row, z, dLogits + (long) r * n * Float.BYTES, at + r);
            }
        }
    }

    private void write(Row row, long z, int i) {
        if (logProb != null) {
            logProb[i] = row.logProb(Lanes.get(z + (long) targets[i] * Float.BYTES));
        }
        if (entropy != null) {
            entropy[i] = row.entropy;
        }
        if (sumPiSquared != null) {
            sumPiSquared[i] = row.sumPiSquared;
        }
    }

    private void gradient(Row row, long z, long dz, int i) {
        double gLogProb = logProb == null ? 0 : logProb[i];
        double gEntropy = entropy == null ? 0 : entropy[i];
        double gSum = sumPiSquared == null ? 0 : sumPiSquared[i];
        if (gLogProb == 0 && gEntropy == 0 && gSum == 0) {
            Lanes.zero(dz, n);
            return;
        }
        row.reduce(z, n, temperature);
        double logPi = gLogProb == 0 ? 0 : row.logProb(Lanes.get(z + (long) targets[i] * Float.BYTES));
        double inverse = 1 / temperature;
        double constant = -gLogProb - gEntropy * (row.entropy - row.logSum) - 2 * gSum * row.sumPiSquared;
        row.gradient(z, n, inverse * constant, -inverse * gEntropy, 2 * inverse * gSum, dz);
        if (gLogProb != 0) {
            double pi = Math.exp(logPi);
            double ofEntropy = pi * (logPi + row.entropy);
            double ofSum = 2 * pi * (pi - row.sumPiSquared);
            double gradient = -gLogProb * Math.expm1(logPi) - gEntropy * ofEntropy + gSum * ofSum;
            Lanes.set(dz + (long) targets[i] * Float.BYTES, (float) (inverse * gradient));
        }
    }

    /** The reductions of one row. */
    private static final class Row {
        private float maximum;
        private double temperature;
        private float inverseTemperature;
        private double logSum;
        private double entropy;
        private double sumPiSquared;
        private double blockSum;
        private double blockTimesD;
        private double blockSquares;

        double logProb(float logit) {
            return Math.max(((double) logit - maximum) / temperature, LOWEST) - logSum;
        }

        void reduce(long z, int n, double temperature) {
            this.temperature = temperature;
            maximum = maximum(z, n);
            inverseTemperature = (float) (1 / temperature);
            double sum = 0;
            double timesD = 0;
            double squares = 0;
            for (int first = 0; first < n; first += BLOCK) {
                int count = Math.min(BLOCK, n - first);
                block(z + (long) first * Float.BYTES, count);
                sum += blockSum;
                timesD += blockTimesD;
                squares += blockSquares;
            }
            logSum = Math.log(sum);
            entropy = logSum - timesD / sum;
            sumPiSquared = squares / (sum * sum);
        }

        private void block(long z, int n) {
            FloatVector sum = Lanes.zero();
            FloatVector timesD = Lanes.zero();
            FloatVector squares = Lanes.zero();
            int whole = Lanes.SPECIES.loopBound(n);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                FloatVector d = scaled(Lanes.load(z + (long) i * Float.BYTES), maximum, inverseTemperature);
                FloatVector e = VectorMath.exp(d);
                sum = sum.add(e);
                timesD = e.fma(d, timesD);
                squares = e.fma(e, squares);
            }
            VectorMask<Float> rest = Lanes.first(n - whole);
            FloatVector d = scaled(Lanes.load(z + (long) whole * Float.BYTES, rest), maximum, inverseTemperature);
            FloatVector e = Lanes.zero().blend(VectorMath.exp(d), rest);
            blockSum = Lanes.sum(sum.add(e));
            blockTimesD = Lanes.sum(e.fma(d, timesD));
            blockSquares = Lanes.sum(e.fma(e, squares));
        }

        /** {@code π_j · (constant + ofLog · d_j + ofPi · π_j)}. */
        private void gradient(long z, int n, double constant, double ofLog, double ofPi, long dz) {
            gradient(z, n, (float) Math.exp(-logSum), (float) constant, (float) ofLog, (float) ofPi, dz);
        }

        private void gradient(long z, int n, float inverseSum, float constant, float ofLog, float ofPi, long dz) {
            int whole = Lanes.SPECIES.loopBound(n);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                long at = (long) i * Float.BYTES;
                FloatVector d = scaled(Lanes.load(z + at), maximum, inverseTemperature);
                FloatVector pi = VectorMath.exp(d).mul(inverseSum);
                FloatVector slope = d.fma(Lanes.broadcast(ofLog), Lanes.broadcast(constant));
                Lanes.store(pi.fma(Lanes.broadcast(ofPi), slope).mul(pi), dz + at);
            }
            if (whole < n) {
                VectorMask<Float> rest = Lanes.first(n - whole);
                long at = (long) whole * Float.BYTES;
                FloatVector d = scaled(Lanes.load(z + at, rest), maximum, inverseTemperature);
                FloatVector pi = VectorMath.exp(d).mul(inverseSum);
                FloatVector slope = d.fma(Lanes.broadcast(ofLog), Lanes.broadcast(constant));
                Lanes.store(pi.fma(Lanes.broadcast(ofPi), slope).mul(pi), dz + at, rest);
            }
        }

        private static FloatVector scaled(FloatVector z, float maximum, float inverseTemperature) {
            return z.sub(maximum).mul(inverseTemperature).max(LOWEST);
        }

        private static float maximum(long z, int n) {
            FloatVector maximum = Lanes.broadcast(Float.NEGATIVE_INFINITY);
            int whole = Lanes.SPECIES.loopBound(n);
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                maximum = maximum.max(Lanes.load(z + (long) i * Float.BYTES));
            }
            VectorMask<Float> rest = Lanes.first(n - whole);
            FloatVector last = Lanes.load(z + (long) whole * Float.BYTES, rest);
            maximum = maximum.max(Lanes.broadcast(Float.NEGATIVE_INFINITY).blend(last, rest));
            return maximum.reduceLanes(VectorOperators.MAX);
        }
    }
}
