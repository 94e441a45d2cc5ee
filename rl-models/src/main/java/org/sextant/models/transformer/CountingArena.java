// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** Takes no memory and counts the bytes that would be allocated. */
final class CountingArena implements MemoryArena {
    private final int numberBytes;
    private long bytes;

    /** @param numberBytes of a number in the kernels' own precision */
    CountingArena(int numberBytes) {
        this.numberBytes = numberBytes;
    }

    private record Planned(String name, int rows, int columns) implements Tensor {}

    private record PlannedPages(int layers, int keyValueHeads, int headSize, int pages) implements KeyValuePages {}

    @Override
    public String role() {
        return "plan";
    }

    @Override
    public Tensor allocate(String name, int rows, int columns) {
        bytes += (long) numberBytes * rows * columns;
        return new Planned(name, rows, columns);
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        bytes += (long) (format == WeightFormat.BF16 ? Short.BYTES : numberBytes) * rows * columns;
        return new Planned(name, rows, columns);
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        bytes += 2L * numberBytes * layers * keyValueHeads * headSize * pages * KeyValuePages.POSITIONS;
        return new PlannedPages(layers, keyValueHeads, headSize, pages);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {}
}
