// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;

/**
 * A chunk of predictions: the token × vocabulary matrix is never held beyond it.
 *
 * @param gathered hidden states that predict, [rows, hidden]
 * @param logits [rows, vocabulary]
 * @param dGathered gradient of {@code gathered}; null where no backward pass follows
 * @param dLogits gradient of {@code logits}, for reductions that need both at once; null where no backward pass follows
 */
public record HeadBuffers(Tensor gathered, Tensor logits, Tensor dGathered, Tensor dLogits) {
    /** Logits held at once, in numbers; a chunk has at least {@link #LEAST_ROWS} rows all the same. */
    private static final int LOGITS = 1 << 20;

    private static final int LEAST_ROWS = 64;
    private static final int MOST_ROWS = 1024;

    static HeadBuffers allocate(TransformerConfig c, MemoryArena arena, int rows, boolean gradients) {
        return new HeadBuffers(
                arena.allocate("hidden states that predict", rows, c.hidden()),
                arena.allocate("logits", rows, c.vocabulary()),
                gradients ? arena.allocate("gradient of the hidden states that predict", rows, c.hidden()) : null,
                gradients ? arena.allocate("gradient of the logits", rows, c.vocabulary()) : null);
    }

    /** Predictions in a chunk. */
    public static int chunkRows(int vocabulary) {
        return Math.clamp(LOGITS / vocabulary, LEAST_ROWS, MOST_ROWS);
    }
}
