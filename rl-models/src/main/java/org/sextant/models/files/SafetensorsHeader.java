// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * The header of a safetensors file, checked before anything is believed: it is one JSON object without repeated names, every tensor has a
 * known type, a shape and offsets that agree, and all of them together cover the data without hole or overlap.
 *
 * @param tensors by name
 * @param metadata texts of {@code __metadata__}
 */
record SafetensorsHeader(SortedMap<String, TensorEntry> tensors, SortedMap<String, String> metadata) {
    /** Longest header that is read, as in the format's own implementation. */
    static final long MOST_BYTES = 100_000_000;

    /** Twice what the deepest model has whose config is accepted, {@link ModelConfigFile#MOST_LAYERS} layers of a dozen tensors. */
    static final int MOST_TENSORS = 100_000;

    /**
     * @param file for messages
     * @param dataBytes bytes that follow the header
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataBytes) {
        HeaderReader reader = new HeaderReader(file);
        reader.read(json);
        checkCover(file, reader.tensors(), dataBytes);
        return new SafetensorsHeader(
                Collections.unmodifiableSortedMap(reader.tensors()),
                Collections.unmodifiableSortedMap(reader.metadata()));
    }

    private static void checkCover(String file, SortedMap<String, TensorEntry> tensors, long dataBytes) {
        List<TensorEntry> inOrder = tensors.values().stream()
                .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
                .toList();
        long at = 0;
        for (TensorEntry entry : inOrder) {
            if (entry.begin() != at) {
                throw damaged(
                        file,
                        "tensor '" + Shown.text(entry.name()) + "': its data begin at byte " + entry.begin()
                                + ", but the tensor before ends at byte " + at
                                + (entry.begin() > at ? ": a hole" : ": an overlap"));
            }
            at = entry.end();
        }
        if (at != dataBytes) {
            throw damaged(
                    file,
                    "the header describes " + at + " bytes of data, the file has " + dataBytes
                            + (at > dataBytes ? ": it was cut off" : ": it is too long"));
        }
    }

    private static ModelFileException damaged(String file, String what) {
        return new ModelFileException(file + " is damaged: " + what);
    }
}
