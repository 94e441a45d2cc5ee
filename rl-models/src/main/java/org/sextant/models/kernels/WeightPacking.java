// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Packs a weight w [out, in] as the right operand of {@code x·wᵀ}: {@code [out / WIDTH][in][WIDTH]}, zero past the last
 * output.
 */
final class WeightPacking implements Threads.Panels {
    private static final int WIDTH = GemmTiles.WIDTH;

    private final Threads threads;
    private long w;
    private int out;
    private int in;
    private long packed;

    WeightPacking(Threads threads) {
        this.threads = threads;
    }

    /** The address of the packed weight, made again if the weight changed. */
    long packed(VectorTensor weight) {
        int panels = Math.ceilDiv(weight.rows(), WIDTH);
        long address = weight.packed((long) panels * WIDTH * weight.columns());
        if (!weight.packedIsCurrent()) {
            w = weight.address(0, 0);
            out = weight.rows();
            in = weight.columns();
            packed = address;
            threads.run(this, panels);
            weight.packedIsCurrent(true);
        }
        return address;
    }

    @Override
    public void panel(int index, int worker) {
        int first = index * WIDTH;
        int width = Math.min(WIDTH, out - first);
        for (int k = 0; k < in; k += 16) {
            transpose(first, width, k, Math.min(k + 16, in));
        }
    }

    private void transpose(int first, int width, int fromDepth, int toDepth) {
        for (int j = 0; j < width; j++) {
            long from = w + (long) (first + j) * in * Float.BYTES;
            long to = packed + ((long) first * in + j) * Float.BYTES;
            for (int k = fromDepth; k < toDepth; k++) {
                Lanes.set(to + (long) k * WIDTH * Float.BYTES, Lanes.get(from + (long) k * Float.BYTES));
            }
        }
    }
}
