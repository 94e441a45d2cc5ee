// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.Kernels;

/**
 * Activations of decoding and scoring: one set for all layers. They grow to the largest call seen and allocate nothing after that. One
 * owner closes them; one thread uses them.
 */
public final class InferenceBuffers implements AutoCloseable {
    private final Growing<ForwardBuffers> forward;
    private final Growing<HeadBuffers> head;

    InferenceBuffers(Kernels kernels, TransformerConfig config, String role) {
        this.forward = new Growing<>(kernels, role, (arena, rows) -> ForwardBuffers.forInference(config, arena, rows));
        this.head = new Growing<>(kernels, role, (arena, rows) -> HeadBuffers.allocate(config, arena, rows, false));
    }

    ForwardBuffers forward(int rows) {
        return forward.atLeast(rows);
    }

    /** Room for a chunk of predictions; rows beyond {@code rows} may be there and mean nothing. */
    public HeadBuffers head(int rows) {
        return head.atLeast(rows);
    }

    /** Bytes held now. */
    public long bytes() {
        return forward.bytes() + head.bytes();
    }

    @Override
    public void close() {
        forward.close();
        head.close();
    }
}
