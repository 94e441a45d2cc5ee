// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** AdamW over contiguous memory. */
final class VectorOptimiser extends RowWork {
    private static final int CHUNK = 4096;

    private final Threads threads;
    private long w;
    private long gradient;
    private long m;
    private long v;
    private long n;
    private float keep;
    private float beta1;
    private float beta2;
    private float rest1;
    private float rest2;
    private float rate;
    private float rootCorrection;
    private float epsilon;
    private float gradientScale;

    VectorOptimiser(Threads threads) {
        this.threads = threads;
    }

    void adamW(long w, long gradient, long m, long v, long n, Kernels.AdamWStep step) {
        this.w = w;
        this.gradient = gradient;
        this.m = m;
        this.v = v;
        this.n = n;
        keep = (float) (1 - step.learningRate() * step.weightDecay());
        beta1 = (float) step.beta1();
        beta2 = (float) step.beta2();
        rest1 = (float) (1 - step.beta1());
        rest2 = (float) (1 - step.beta2());
        rate = (float) (step.learningRate() / step.biasCorrection1());
        rootCorrection = (float) (1 / Math.sqrt(step.biasCorrection2()));
        epsilon = (float) step.epsilon();
        gradientScale = (float) step.gradientScale();
        launch(threads, (int) Math.ceilDiv(n, (long) CHUNK), 4 * CHUNK);
    }

    @Override
    void rows(int from, int to, int worker) {
        long first = (long) from * CHUNK;
        int count = (int) (Math.min(n, (long) to * CHUNK) - first);
        long at = first * Float.BYTES;
        int whole = Lanes.SPECIES.loopBound(count);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            update(at + (long) i * Float.BYTES);
        }
        if (whole < count) {
            update(at + (long) whole * Float.BYTES, Lanes.first(count - whole));
        }
    }

    private void update(long at) {
        FloatVector g = Lanes.load(gradient + at).mul(gradientScale);
        FloatVector first = mean(Lanes.load(m + at), g);
        FloatVector second = variance(Lanes.load(v + at), g);
        Lanes.store(first, m + at);
        Lanes.store(second, v + at);
        Lanes.store(moved(Lanes.load(w + at), first, second), w + at);
    }

    private void update(long at, VectorMask<Float> mask) {
        FloatVector g = Lanes.load(gradient + at, mask).mul(gradientScale);
        FloatVector first = mean(Lanes.load(m + at, mask), g);
        FloatVector second = variance(Lanes.load(v + at, mask), g);
        Lanes.store(first, m + at, mask);
        Lanes.store(second, v + at, mask);
        Lanes.store(moved(Lanes.load(w + at, mask), first, second), w + at, mask);
    }

    private FloatVector mean(FloatVector m, FloatVector g) {
        return m.mul(beta1).add(g.mul(rest1));
    }

    private FloatVector variance(FloatVector v, FloatVector g) {
        return v.mul(beta2).add(g.mul(g).mul(rest2));
    }

    private FloatVector moved(FloatVector w, FloatVector first, FloatVector second) {
        FloatVector root = second.sqrt().mul(rootCorrection).add(epsilon);
        return w.mul(keep).sub(first.mul(rate).div(root));
    }
}
