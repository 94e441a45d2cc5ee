// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sextant.models.kernels.Kernels;

/**
 * The weights of a model's directory: {@code model.safetensors}, or {@code model-00001-of-00003.safetensors} and so on with an index. Where
 * both are there the single file counts, as for {@code transformers}.
 */
public final class WeightFiles {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String SHARD = "model-%05d-of-%05d.safetensors";
    private static final Pattern SHARDS = Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private WeightFiles() {}

    /** @throws ModelFileException if there are none, or a file is missing or damaged */
    public static SavedTensors open(Path directory) {
        Path single = directory.resolve(SINGLE);
        Path index = directory.resolve(INDEX);
        if (Files.exists(single)) {
            return SafetensorsFile.open(single);
        }
        if (Files.exists(index)) {
            return ShardedTensors.open(index);
        }
        boolean pickled = Files.exists(directory.resolve("pytorch_model.bin"))
                || Files.exists(directory.resolve("pytorch_model.bin.index.json"));
        throw new ModelFileException("cannot read " + single + ": there is no such file, and no " + INDEX + " beside it"
                + (pickled ? "; pytorch_model.bin is not read, save the model as safetensors" : ""));
    }

    /**
     * Writes weights, each file completely or not at all, and removes what an earlier save left. While files are replaced one by one, the
     * directory has no index: it never seems to hold a mixture of old and new weights.
     *
     * @param tensors in the order in which they are distributed over files
     * @throws ModelFileException if a file cannot be written, or a number is too large for the type
     */
    public static void save(Path directory, List<TensorRows> tensors, SaveFormat format, Kernels kernels) {
        List<List<TensorRows>> shards = shards(tensors, format);
        Set<String> written = new HashSet<>();
        if (shards.size() == 1) {
            TensorWriter.write(directory.resolve(SINGLE), tensors, METADATA, format.type(), kernels);
            remove(directory.resolve(INDEX));
        } else {
            remove(directory.resolve(INDEX));
            Map<String, String> shardOf = new TreeMap<>();
            for (int i = 0; i < shards.size(); i++) {
                String name = SHARD.formatted(i + 1, shards.size());
                TensorWriter.write(directory.resolve(name), shards.get(i), METADATA, format.type(), kernels);
                shards.get(i).forEach(rows -> shardOf.put(rows.name(), name));
                written.add(name);
            }
            WholeFile.writeText(directory.resolve(INDEX), index(tensors, shardOf, format.type()));
            remove(directory.resolve(SINGLE));
        }
        removeOtherShards(directory, written);
    }

    /** Hugging Face's way: in the given order, a new file where the next tensor would make the last one too large. */
    private static List<List<TensorRows>> shards(List<TensorRows> tensors, SaveFormat format) {
        List<List<TensorRows>> shards = new ArrayList<>();
        List<TensorRows> open = new ArrayList<>();
        long held = 0;
        for (TensorRows rows : tensors) {
            long bytes = rows.numbers() * format.type().bytes();
            if (bytes > format.maxShardBytes()) {
                shards.add(List.of(rows));
                continue;
            }
            if (held + bytes > format.maxShardBytes()) {
                shards.add(open);
                open = new ArrayList<>();
                held = 0;
            }
            open.add(rows);
            held += bytes;
        }
        if (!open.isEmpty()) {
            shards.add(open);
        }
        return shards;
    }

    private static String index(List<TensorRows> tensors, Map<String, String> shardOf, ElementType type) {
        ObjectNode root = PrettyJson.object();
        root.putObject("metadata")
                .put(
                        "total_size",
                        tensors.stream().mapToLong(TensorRows::numbers).sum() * type.bytes());
        shardOf.forEach(root.putObject("weight_map")::put);
        return PrettyJson.text(root);
    }

    private static void removeOtherShards(Path directory, Set<String> kept) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, WeightFiles::isShard)) {
            for (Path file : files) {
                if (!kept.contains(file.getFileName().toString())) {
                    remove(file);
                }
            }
        } catch (IOException e) {
            throw ModelFileException.of("read", directory, e);
        }
    }

    private static boolean isShard(Path file) {
        return SHARDS.matcher(file.getFileName().toString()).matches();
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw ModelFileException.of("remove", file, e);
        }
    }
}
