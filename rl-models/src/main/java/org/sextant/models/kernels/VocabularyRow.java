// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax statistics of one row of logits, with d = (z − max z) / temperature. Exponentials are float32 and summed lane
 * by lane within {@link #BLOCK} columns; sums of blocks and everything after them are double, so a large vocabulary
 * costs no digits. Blocks are copied to scratch memory and filled up to whole vectors with −∞.
 */
final class VocabularyRow {
    private static final int BLOCK = 512;

    /** Stands for −∞ where it would meet a probability of 0. */
    private static final float LOWEST = -1e30f;

    private final Workspace workspace;
    private long memory;
    private float maximum;
    private double temperature;
    private float inverseTemperature;
    private double sum;
    private double timesD;
    private double squares;

    VocabularyRow(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Reads a row; the other methods speak of it. */
    void reduce(long z, int n, double temperature) {
        this.temperature = temperature;
        inverseTemperature = (float) (1 / temperature);
        memory = workspace.scratch((long) 2 * BLOCK);
        maximum = Float.NEGATIVE_INFINITY;
        for (int at = 0; at < n; at += BLOCK) {
            maximum = Math.max(maximum, maximum(z, n, at));
        }
        sum = 0;
        timesD = 0;
        squares = 0;
        for (int at = 0; at < n; at += BLOCK) {
            int count = exponentials(z, n, at);
            reduce(distances(), memory, count);
        }
    }

    private long distances() {
        return memory + (long) BLOCK * Float.BYTES;
    }

    /** Copies a block from {@code at} on, filled up to whole vectors with −∞; returns the numbers in it. */
    private int block(long z, int n, int at) {
        int count = Math.min(BLOCK, n - at);
        int filled = Math.ceilDiv(count, Lanes.COUNT) * Lanes.COUNT;
        Lanes.copy(z + (long) at * Float.BYTES, memory, count);
        for (int i = count; i < filled; i++) {
            Lanes.set(memory + (long) i * Float.BYTES, Float.NEGATIVE_INFINITY);
        }
        return filled;
    }

    private float maximum(long z, int n, int at) {
        int count = block(z, n, at);
        FloatVector largest = Lanes.load(memory);
        for (int i = Lanes.COUNT; i < count; i += Lanes.COUNT) {
            largest = largest.max(Lanes.load(memory + (long) i * Float.BYTES));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    /** Computes d and e^d of a block. */
    private int exponentials(long z, int n, int at) {
        int count = block(z, n, at);
        long distances = distances();
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long offset = (long) i * Float.BYTES;
            FloatVector d = Lanes.load(memory + offset)
                    .sub(maximum)
                    .mul(inverseTemperature)
                    .max(LOWEST);
            Lanes.store(d, memory + offset);
            Lanes.store(d, distances + offset);
        }
        VectorMath.exp(memory, count);
        return count;
    }

    private void reduce(long distances, long exponentials, int n) {
        FloatVector ofE = Lanes.zero();
        FloatVector ofD = Lanes.zero();
        FloatVector ofSquares = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector e = Lanes.load(exponentials + (long) i * Float.BYTES);
            ofE = ofE.add(e);
            ofD = e.fma(Lanes.load(distances + (long) i * Float.BYTES), ofD);
            ofSquares = e.fma(e, ofSquares);
        }
        sum += Lanes.sum(ofE);
        timesD += Lanes.sum(ofD);
        squares += Lanes.sum(ofSquares);
    }

    double logSum() {
        return Math.log(sum);
    }

    double logProb(float logit) {
        return Math.max(((double) logit - maximum) / temperature, LOWEST) - logSum();
    }

    /** −Σ π log π = log Σ e^d − Σ e^d·d / Σ e^d. */
    double entropy() {
        return logSum() - timesD / sum;
    }

    double sumPiSquared() {
        return squares / (sum * sum);
    }

    /** {@code dz_j = π_j · (constant + ofLog · d_j + ofPi · π_j)}; {@code dz} may be {@code z}. */
    void gradient(long z, int n, double constant, double ofLog, double ofPi, long dz) {
        float inverseSum = (float) (1 / sum);
        for (int at = 0; at < n; at += BLOCK) {
            int count = exponentials(z, n, at);
            slopes(memory, distances(), count, inverseSum, (float) constant, (float) ofLog, (float) ofPi);
            Lanes.copy(memory, dz + (long) at * Float.BYTES, Math.min(BLOCK, n - at));
        }
    }

    private static void slopes(
            long exponentials, long distances, int n, float inverseSum, float constant, float ofLog, float ofPi) {
        FloatVector constants = Lanes.broadcast(constant);
        FloatVector logs = Lanes.broadcast(ofLog);
        FloatVector pis = Lanes.broadcast(ofPi);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = exponentials + (long) i * Float.BYTES;
            FloatVector pi = Lanes.load(at).mul(inverseSum);
            FloatVector slope = Lanes.load(distances + (long) i * Float.BYTES).fma(logs, constants);
            Lanes.store(pi.fma(pis, slope).mul(pi), at);
        }
    }
}
