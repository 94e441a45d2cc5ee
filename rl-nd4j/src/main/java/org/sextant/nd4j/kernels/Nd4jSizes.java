// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.kernels;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemorySizes;
import org.sextant.models.kernels.WeightFormat;

/** Bytes of the arrays; ND4J keeps nothing else for them. */
final class Nd4jSizes implements MemorySizes {
    @Override
    public long tensor(int rows, int columns) {
        return Math.max(1L, (long) rows * columns) * Float.BYTES;
    }

    @Override
    public long weight(int rows, int columns, WeightFormat format) {
        return switch (format) {
            case FLOAT -> tensor(rows, columns);
            case BF16 -> tensor(rows, columns) / 2;
        };
    }

    @Override
    public long pages(int layers, int keyValueHeads, int headSize, int pages) {
        return 2L * Math.max(1, pages) * layers * keyValueHeads * KeyValuePages.POSITIONS * headSize * Float.BYTES;
    }
}
