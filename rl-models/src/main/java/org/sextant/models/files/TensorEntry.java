// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.util.List;

/**
 * A tensor of a safetensors file.
 *
 * @param shape lengths of its dimensions; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end the byte after its last
 */
public record TensorEntry(String name, ElementType type, List<Long> shape, long begin, long end) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** Bytes of its data. */
    long bytes() {
        return end - begin;
    }
}
