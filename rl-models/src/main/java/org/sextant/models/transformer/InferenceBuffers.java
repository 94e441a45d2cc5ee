// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.Tensor;

/** Activations of decoding and scoring: one set for all layers. */
public final class InferenceBuffers implements ActivationBuffers {
    private final Growing<ForwardBuffers> forward;
    private final Growing<KeyValuePages> pages;
    private final Growing<HeadBuffers> head;
    private final Growing<Tensor> scores;

    InferenceBuffers(Kernels kernels, TransformerConfig c, String role) {
        this.forward = new Growing<>(kernels, role, (arena, rows) -> ForwardBuffers.forInference(c, arena, rows));
        this.pages = Growing.pages(kernels, role, c);
        this.head = new Growing<>(kernels, role, (arena, rows) -> HeadBuffers.allocate(c, arena, rows, false));
        this.scores = new Growing<>(kernels, role, (arena, rows) -> arena.allocate("scores", rows, 1));
    }

    ForwardBuffers forward(int rows) {
        return forward.atLeast(rows);
    }

    @Override
    public KeyValuePages pages(int count) {
        return pages.atLeast(count);
    }

    @Override
    public HeadBuffers head(int rows) {
        return head.atLeast(rows);
    }

    @Override
    public Tensor scores(int rows) {
        return scores.atLeast(rows);
    }

    @Override
    public long bytes() {
        return forward.bytes() + pages.bytes() + head.bytes() + scores.bytes();
    }

    @Override
    public void close() {
        forward.close();
        pages.close();
        head.close();
        scores.close();
    }
}
