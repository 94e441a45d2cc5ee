// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code model.safetensors.index.json}: which file of the same directory holds which tensor. What {@code metadata} says is passed over, as {@code
 * transformers} does: {@code total_size} counts tied weights in some files and not in others, and the files themselves have the true sizes.
 *
 * @param shardOf file name by name of a tensor
 */
record ShardIndex(SortedMap<String, String> shardOf) {
    private static final int MOST_BYTES = 64_000_000;
    /** A plain name: nothing that leads out of the directory, to a hidden file, or to something that is not safetensors. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    static ShardIndex read(Path file) {
        return new Reader(file).read();
    }

    private static final class Reader {
        private final Path file;
        private final SortedMap<String, String> shardOf = new TreeMap<>();

        Reader(Path file) {
            this.file = file;
        }

        ShardIndex read() {
            byte[] text = RegularFile.bytes(file, MOST_BYTES);
            JsonStream.read(text, what -> damaged("it is " + what), this::readRoot);
            if (shardOf.isEmpty()) {
                throw damaged("it has no weight_map, which names the file of each tensor");
            }
            return new ShardIndex(shardOf);
        }

        private void readRoot(JsonStream json) throws IOException {
            if (!json.isObject()) {
                throw damaged("it is not a JSON object");
            }
            json.object(name -> {
                if (name.equals("weight_map")) {
                    readMap(json);
                } else {
                    json.skip();
                }
            });
        }

        private void readMap(JsonStream json) throws IOException {
            if (!json.isObject()) {
                throw damaged("weight_map is " + json.shown() + ", not an object of file names");
            }
            json.object(tensor -> {
                String shard = json.textOrNull();
                if (shard == null || !PLAIN.matcher(shard).matches()) {
                    throw damaged("weight_map says that '" + Shown.text(tensor) + "' is in " + json.shown()
                            + "; allowed is the plain name of a .safetensors file beside the index");
                }
                if (shardOf.size() == SafetensorsHeader.MOST_TENSORS) {
                    throw damaged("weight_map has more than " + SafetensorsHeader.MOST_TENSORS
                            + " tensors; no model that can be read has so many");
                }
                shardOf.put(tensor, shard);
            });
        }

        private ModelFileException damaged(String what) {
            return new ModelFileException(file + " is damaged: " + what);
        }
    }
}
