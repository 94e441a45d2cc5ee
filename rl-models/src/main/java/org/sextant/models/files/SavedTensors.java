// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SortedMap;

/** Named tensors in one safetensors file or in several, mapped into memory until they are closed. */
public sealed interface SavedTensors extends AutoCloseable permits SafetensorsFile, ShardedTensors, RenamedTensors {
    /** The file to name in messages: the one that holds the tensors, or the index of those that do. */
    Path path();

    /** Tensors by name. */
    SortedMap<String, TensorEntry> tensors();

    /** The data of one of {@link #tensors}, row-major and little-endian. */
    MemorySegment bytes(TensorEntry entry);

    /** The file that has the data of one of {@link #tensors}. */
    Path file(TensorEntry entry);

    @Override
    void close();
}
