// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax statistics of one row of logits, with d = (z − max z) / temperature. Exponentials are float32 and summed lane by lane within
 * {@link #BLOCK} columns; sums of blocks and everything after them are double, so a large vocabulary costs no digits. What is left
 * after the last whole vector is copied to a buffer filled up with −∞ and goes through the same loops.
 */
final class VocabularyRow {
    private static final int BLOCK = 512;

    /** Stands for −∞ where it would meet a probability of 0. */
    private static final float LOWEST = -1e30f;

    private static final FloatVector LOWEST_VECTOR = Lanes.broadcast(LOWEST);

    private final Workspace workspace;
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
        int whole = Lanes.SPECIES.loopBound(n);
        long rest = rest(z, whole, n);
        maximum = Math.max(maximum(z, whole), maximum(rest, Lanes.COUNT));
        sum = 0;
        timesD = 0;
        squares = 0;
        int at = 0;
        while (at < n) {
            int count = Math.min(BLOCK, whole - at);
            block(count > 0 ? z + (long) at * Float.BYTES : rest, count > 0 ? count : Lanes.COUNT);
            at = count > 0 ? at + count : n;
        }
    }

    /** The last columns, filled up with −∞. */
    private long rest(long z, int whole, int n) {
        long buffer = workspace.scratch(2L * Lanes.COUNT);
        for (int i = 0; i < Lanes.COUNT; i++) {
            long at = (long) i * Float.BYTES;
            Lanes.set(buffer + at, whole + i < n ? Lanes.get(z + (long) whole * Float.BYTES + at) : Float.NEGATIVE_INFINITY);
        }
        return buffer;
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
        int whole = Lanes.SPECIES.loopBound(n);
        long source = z;
        long target = dz;
        int count = whole;
        for (int part = 0; part < (whole < n ? 2 : 1); part++) {
            if (part == 1) {
                source = rest(z, whole, n);
                target = source;
                count = Lanes.COUNT;
            }
            gradient(source, count, maximum, inverseTemperature, inverseSum, (float) constant, (float) ofLog, (float) ofPi,
                    target);
        }
        if (whole < n) {
            Lanes.copy(target, dz + (long) whole * Float.BYTES, n - whole);
        }
    }

    private static void gradient(long z, int n, float maximum, float inverseTemperature, float inverseSum, float constant,
            float ofLog, float ofPi, long dz) {
        FloatVector constants = Lanes.broadcast(constant);
        FloatVector logs = Lanes.broadcast(ofLog);
        FloatVector pis = Lanes.broadcast(ofPi);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            long at = (long) i * Float.BYTES;
            FloatVector d = Lanes.load(z + at).sub(maximum).mul(inverseTemperature).max(LOWEST_VECTOR);
            FloatVector pi = VectorMath.exp(d).mul(inverseSum);
            Lanes.store(pi.fma(pis, d.fma(logs, constants)).mul(pi), dz + at);
        }
    }

    private static float maximum(long z, int n) {
        FloatVector maximum = Lanes.broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            maximum = maximum.max(Lanes.load(z + (long) i * Float.BYTES));
        }
        return maximum.reduceLanes(VectorOperators.MAX);
    }

    private void block(long z, int n) {
        FloatVector ofE = Lanes.zero();
        FloatVector ofD = Lanes.zero();
        FloatVector ofSquares = Lanes.zero();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector d = Lanes.load(z + (long) i * Float.BYTES).sub(maximum).mul(inverseTemperature).max(LOWEST_VECTOR);
            FloatVector e = VectorMath.exp(d);
            ofE = ofE.add(e);
            ofD = e.fma(d, ofD);
            ofSquares = e.fma(e, ofSquares);
        }
        sum += Lanes.sum(ofE);
        timesD += Lanes.sum(ofD);
        squares += Lanes.sum(ofSquares);
    }
}
