// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Optional;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.MemorySizes;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** Takes no memory and counts the bytes that would be taken. */
final class CountingArena implements MemoryArena {
    private final MemorySizes sizes;
    private long bytes;

    CountingArena(MemorySizes sizes) {
        this.sizes = sizes;
    }

    /** An arena whose bytes are the numbers in it. */
    static CountingArena ofNumbers() {
        return new CountingArena(MemorySizes.plain(1));
    }

    private record Planned(String name, int rows, int columns, Optional<WeightFormat> weightFormat) implements Tensor {}

    private record PlannedPages(int layers, int keyValueHeads, int headSize, int pages) implements KeyValuePages {}

    @Override
    public String role() {
        return "plan";
    }

    @Override
    public Tensor allocate(String name, int rows, int columns) {
        bytes += sizes.tensor(rows, columns);
        return new Planned(name, rows, columns, Optional.empty());
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        bytes += sizes.weight(rows, columns, format);
        return new Planned(name, rows, columns, Optional.of(format));
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        bytes += sizes.pages(layers, keyValueHeads, headSize, pages);
        return new PlannedPages(layers, keyValueHeads, headSize, pages);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {}
}
