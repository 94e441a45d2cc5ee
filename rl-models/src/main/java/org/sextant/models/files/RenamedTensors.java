// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Saved tensors one of which goes by another name: a reward model's head that a critic begins with.
 *
 * @param file owned from now on
 * @param from name in the file
 * @param to name that it goes by
 */
public record RenamedTensors(SavedTensors file, String from, String to) implements SavedTensors {
    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public SortedMap<String, TensorEntry> tensors() {
        SortedMap<String, TensorEntry> renamed = new TreeMap<>(file.tensors());
        TensorEntry entry = renamed.remove(from);
        if (entry != null) {
            renamed.put(to, entry);
        }
        return renamed;
    }

    @Override
    public MemorySegment bytes(TensorEntry entry) {
        return file.bytes(entry);
    }

    @Override
    public Path file(TensorEntry entry) {
        return file.file(entry);
    }

    @Override
    public void close() {
        file.close();
    }
}
