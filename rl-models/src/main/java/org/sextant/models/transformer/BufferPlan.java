// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

/**
 * What decides how large activations are.
 *
 * @param adapters low-rank adapters in a block
 * @param rank of the adapters
 * @param dropout whether adapters drop some of their input
 * @param backward whether a backward pass follows
 * @param recompute whether a block's activations are computed again in the backward pass, so that one set is enough for all blocks
 * @param firstKept first layer that the backward pass reaches, whose activations, or input, are kept; all layers before it share a set
 */
record BufferPlan(
        TransformerConfig config,
        int adapters,
        int rank,
        boolean dropout,
        boolean backward,
        boolean recompute,
        int firstKept) {
    BufferPlan forBackward(boolean recomputed, int firstReached) {
        return new BufferPlan(config, adapters, rank, dropout, true, recomputed, firstReached);
    }
}
