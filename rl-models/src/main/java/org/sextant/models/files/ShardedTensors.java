// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tensors that are spread over safetensors files of one directory, with an index that says which is where. Opening checks that index and
 * files tell the same: every tensor is where the index says, and no file has one that the index does not give to it.
 */
final class ShardedTensors implements SavedTensors {
    private final Path index;
    private final SortedMap<String, SafetensorsFile> shards = new TreeMap<>();
    private final SortedMap<String, TensorEntry> tensors = new TreeMap<>();
    private SortedMap<String, String> shardOf;

    private ShardedTensors(Path index) {
        this.index = index;
    }

    /** @throws ModelFileException if a file is missing or damaged, or does not hold what the index says */
    static ShardedTensors open(Path index) {
        ShardedTensors opened = new ShardedTensors(index);
        try {
            opened.open();
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void open() {
        ShardIndex read = ShardIndex.read(index);
        shardOf = read.shardOf();
        shardOf.forEach((tensor, shard) -> {
            if (!shards.containsKey(shard)) {
                shards.put(shard, open(tensor, index.resolveSibling(shard)));
            }
        });
        shards.forEach(this::take);
        SortedSet<String> missing = new TreeSet<>(shardOf.keySet());
        missing.removeAll(tensors.keySet());
        if (!missing.isEmpty()) {
            throw damaged("it says that '" + Shown.text(missing.first()) + "' is in " + shardOf.get(missing.first())
                    + ", but that file does not have it");
        }
    }

    private SafetensorsFile open(String tensor, Path shard) {
        if (Files.notExists(shard)) {
            throw damaged("weight_map says that '" + Shown.text(tensor) + "' is in " + shard.getFileName()
                    + ", and there is no such file");
        }
        return SafetensorsFile.open(shard);
    }

    private void take(String shard, SafetensorsFile file) {
        file.tensors().forEach((name, entry) -> {
            if (!shard.equals(shardOf.get(name))) {
                throw damaged(shard + " has '" + Shown.text(name) + "', which the index "
                        + (shardOf.containsKey(name) ? "says is in " + shardOf.get(name) : "does not mention"));
            }
            tensors.put(name, entry);
        });
    }

    private ModelFileException damaged(String what) {
        return new ModelFileException(index + " is damaged: " + what);
    }

    @Override
    public Path path() {
        return index;
    }

    @Override
    public SortedMap<String, TensorEntry> tensors() {
        return Collections.unmodifiableSortedMap(tensors);
    }

    @Override
    public MemorySegment bytes(TensorEntry entry) {
        return shards.get(shardOf.get(entry.name())).bytes(entry);
    }

    @Override
    public Path file(TensorEntry entry) {
        return shards.get(shardOf.get(entry.name())).path();
    }

    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }
}
