// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import java.util.Optional;
import org.sextant.models.kernels.KeyValuePages;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.Tensor;
import org.sextant.models.kernels.WeightFormat;

/** Takes no memory and counts the bytes that would be allocated, with what kernels in single precision add to sizes. */
final class CountingArena implements MemoryArena {
    /** The most outputs of a panel, which is filled up with zeros: of a weight, and of a page of values. */
    private static final int PANEL = 32;

    private static final int ALIGNMENT = 64;

    private final int numberBytes;
    private long bytes;

    /** @param numberBytes of a number in the kernels' own precision */
    CountingArena(int numberBytes) {
        this.numberBytes = numberBytes;
    }

    private record Planned(String name, int rows, int columns, Optional<WeightFormat> weightFormat) implements Tensor {}

    private record PlannedPages(int layers, int keyValueHeads, int headSize, int pages) implements KeyValuePages {}

    @Override
    public String role() {
        return "plan";
    }

    @Override
    public Tensor allocate(String name, int rows, int columns) {
        add((long) numberBytes * rows * columns);
        return new Planned(name, rows, columns, Optional.empty());
    }

    @Override
    public Tensor allocateWeight(String name, int rows, int columns, WeightFormat format) {
        long panels = (long) columns * (single() ? filledUp(rows) : rows);
        add(panels * (format == WeightFormat.BF16 ? Short.BYTES : numberBytes));
        return new Planned(name, rows, columns, Optional.of(format));
    }

    @Override
    public KeyValuePages allocatePages(String name, int layers, int keyValueHeads, int headSize, int pages) {
        long keyAndValue = headSize + (single() ? filledUp(headSize) : headSize);
        add(keyAndValue * numberBytes * layers * keyValueHeads * pages * KeyValuePages.POSITIONS);
        return new PlannedPages(layers, keyValueHeads, headSize, pages);
    }

    private static int filledUp(int outputs) {
        return Math.ceilDiv(outputs, PANEL) * PANEL;
    }

    private boolean single() {
        return numberBytes == Float.BYTES;
    }

    private void add(long wanted) {
        bytes += single() ? Math.ceilDiv(wanted, ALIGNMENT) * ALIGNMENT : wanted;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {}
}
