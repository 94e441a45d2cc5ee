// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

/**
 * Keys and values of attention, for all layers, in pages of {@link #POSITIONS} positions. A sequence owns a list of
 * page numbers (its page table); sequences that share a prompt share its full pages. Training and decoding read the
 * same layout, so an attention output has the same bits in both.
 */
public interface KeyValuePages {
    /** Positions in a page: a multiple of every vector width in use, so that reductions group alike everywhere. */
    int POSITIONS = 32;

    int layers();

    int keyValueHeads();

    int headSize();

    /** Number of pages allocated. */
    int pages();
}
