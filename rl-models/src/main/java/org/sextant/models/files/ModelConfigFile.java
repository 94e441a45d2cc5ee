// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.TransformerConfig;

/**
 * {@code config.json} as {@code transformers} writes and reads it. An architecture or option that would change what is computed and is not
 * built here is refused by name; keys without influence on the computation are passed over.
 */
public final class ModelConfigFile {
    public static final String NAME = "config.json";

    private ModelConfigFile() {}

    /**
     * The model of a directory.
     *
     * @throws ModelFileException if the file is missing, is not such a config, or asks for something that is not built here
     */
    public static TransformerConfig read(Path directory) {
        JsonFile file = JsonFile.read(directory.resolve(NAME));
        Family family = family(file);
        for (String architecture : file.texts("architectures")) {
            if (!architecture.equals(family.architecture())) {
                throw file.refused("architectures", architecture, family.architecture());
            }
        }
        if (file.has("quantization_config")) {
            throw file.refused("quantization_config", "given", "none: weights are F32, F64, F16 or BF16");
        }
        return file.checked(() -> family == Family.GPT2 ? Gpt2Config.read(file) : LlamaConfig.read(file, family));
    }

    private static Family family(JsonFile file) {
        String type = file.text("model_type");
        return Family.ofModelType(type)
                .orElseThrow(() -> file.refused(
                        "model_type",
                        type,
                        String.join(
                                ", ",
                                Arrays.stream(Family.values())
                                        .map(Family::modelType)
                                        .toList())));
    }

    /** @param type in which the weights are saved beside it */
    public static void write(Path directory, TransformerConfig config, ElementType type) {
        ObjectNode root = JsonFile.object();
        root.putArray("architectures").add(config.family().architecture());
        if (config.family() == Family.GPT2) {
            Gpt2Config.write(root, config);
        } else {
            LlamaConfig.write(root, config);
        }
        root.put(
                "bos_token_id",
                config.bos().isPresent() ? (Integer) config.bos().getAsInt() : null);
        switch (config.eos().size()) {
            case 0 -> root.putNull("eos_token_id");
            case 1 -> root.put("eos_token_id", config.eos().getFirst());
            default -> config.eos().forEach(root.putArray("eos_token_id")::add);
        }
        root.put("initializer_range", 0.02);
        root.put("model_type", config.family().modelType());
        root.put("torch_dtype", type.torchName());
        root.put("use_cache", true);
        root.put("vocab_size", config.vocabulary());
        JsonFile.write(directory.resolve(NAME), sorted(root));
    }

    private static ObjectNode sorted(ObjectNode root) {
        ObjectNode sorted = JsonFile.object();
        root.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> sorted.set(e.getKey(), e.getValue()));
        return sorted;
    }

    static OptionalInt bos(JsonFile file) {
        List<Integer> ids = file.integers("bos_token_id");
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
    }
}
