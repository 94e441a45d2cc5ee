// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Gradients of {@link VectorAttention}. A panel of work is one key/value head of one segment; its query heads and
 * blocks of rows follow each other, so every sum has one order.
 */
final class VectorAttentionBackward implements Threads.Panels {
    private final Threads threads;
    private final AttentionTask task = new AttentionTask();
    private final AttentionGradient[] gradientOfWorker;
    private long dOut;
    private long dQkv;

    VectorAttentionBackward(Threads threads, Workspace[] workspaces) {
        this.threads = threads;
        gradientOfWorker = new AttentionGradient[workspaces.length];
        for (int i = 0; i < workspaces.length; i++) {
            gradientOfWorker[i] = new AttentionGradient(task, workspaces[i]);
        }
    }

    void run(
            VectorTensor qkv,
            int heads,
            Segments segments,
            VectorPages pages,
            int layer,
            double scale,
            long out,
            long logSumExp,
            long dOut,
            long dQkv) {
        task.set(qkv, heads, segments, pages, layer, scale, out, logSumExp);
        this.dOut = dOut;
        this.dQkv = dQkv;
        threads.run(this, segments.count() * pages.keyValueHeads());
    }

    @Override
    public void panel(int index, int worker) {
        int keyValueHead = index % task.pages.keyValueHeads();
        int segment = index / task.pages.keyValueHeads();
        if (task.segments.rows(segment) > 0) {
            gradientOfWorker[worker].run(segment, keyValueHead, dOut, dQkv);
        }
    }
}
