// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** Takes no memory and counts the numbers that would be allocated. */
final class CountingArena implements MemoryArena {
    private long numbers;

    private record Planned(String name, int rows, int columns) implements Tensor {}

    private record PlannedPages(int layers, int keyValueHeads, int headSize, int pages) implements KeyValuePages {}

    long numbers() {
        return numbers;
    }

    @Override
    public String role() {
        return "plan";
    }

    @Override
    public Tensor allocate(String name, int rows, int columns) {
        numbers += (long) rows * columns;
        return new Planned(name, rows, columns);
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        return allocate(name, rows, columns);
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        numbers += 2L * layers * keyValueHeads * headSize * pages * KeyValuePages.POSITIONS;
        return new PlannedPages(layers, keyValueHeads, headSize, pages);
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {}
}
