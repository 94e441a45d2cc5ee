// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.sextant.models.kernels.KeyValuePages;

/**
 * Keys and values, each {@code [layers][slots][keyValueHeads · headSize]}: page p has slots {@code p · 32 … p · 32 + 31}, so the positions of a
 * sequence are rows to be gathered.
 */
record Nd4jPages(int layers, int keyValueHeads, int headSize, int pages, INDArray keys, INDArray values)
        implements KeyValuePages {

    static Nd4jPages of(KeyValuePages pages) {
        if (pages instanceof Nd4jPages own) {
            return own;
        }
        throw new IllegalArgumentException("these key/value pages were not made by the nd4j kernels");
    }

    static int slot(int[] table, int position) {
        return table[position / POSITIONS] * POSITIONS + position % POSITIONS;
    }

    int width() {
        return keyValueHeads * headSize;
    }

    long slots() {
        return (long) pages * POSITIONS;
    }

    /** Slots of a layer as the rows of a matrix. */
    INDArray layer(INDArray store, int layer) {
        return Views.matrix(store, layer * slots() * width(), slots(), width());
    }

    /** Some slots of all layers. */
    private INDArray everywhere(INDArray store, long firstSlot, int count) {
        return Views.of(store, firstSlot * width(), new long[] {layers, count, width()}, new long[] {
            slots() * width(), width(), 1
        });
    }

    void copy(int fromPage, int toPage, int positions) {
        for (INDArray store : new INDArray[] {keys, values}) {
            everywhere(store, (long) toPage * POSITIONS, positions)
                    .assign(everywhere(store, (long) fromPage * POSITIONS, positions));
        }
    }
}
