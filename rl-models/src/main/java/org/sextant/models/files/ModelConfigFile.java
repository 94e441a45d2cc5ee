// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.sextant.models.transformer.Family;
import org.sextant.models.transformer.TransformerConfig;

/**
 * {@code config.json} as {@code transformers} writes and reads it. An architecture or option that would change what is computed and is not
 * built here is refused by name; keys without influence on the computation are passed over. So is dropout: models train without.
 */
public final class ModelConfigFile {
    public static final String NAME = "config.json";

    /** Where instruction-tuned models name more ids that end a sequence. */
    private static final String GENERATION = "generation_config.json";

    /** Far above any model: products of two sizes fit into 64 bits. */
    static final int LARGEST = 1 << 24;

    /** Widths are made of several others: four of the residual stream, two of the feed-forward layer. */
    static final int WIDEST = LARGEST / 8;

    /** Names of all layers fit into memory. */
    static final int MOST_LAYERS = 4096;

    private ModelConfigFile() {}

    /**
     * The model of a directory. Ids that end a sequence are those of {@code config.json}, then those of {@code generation_config.json}.
     *
     * @throws ModelFileException if the file is missing, is not such a config, or asks for something that is not built here
     */
    public static TransformerConfig read(Path directory) {
        if (NetworkFile.isIn(directory)) {
            throw new ModelFileException("the model in " + directory + " is a network of "
                    + NetworkFile.read(directory).provider() + ", and a transformer with a " + NAME
                    + " is wanted here; networks can be trained, measured and sampled from");
        }
        Path generation = directory.resolve(GENERATION);
        return read(
                JsonFile.read(directory.resolve(NAME)),
                Files.exists(generation) ? Optional.of(JsonFile.read(generation)) : Optional.empty());
    }

    private static TransformerConfig read(JsonFile file, Optional<JsonFile> generation) {
        Family family = family(file);
        for (String architecture : file.texts("architectures")) {
            if (!architecture.equals(family.architecture())) {
                throw file.refused("architectures", architecture, family.architecture());
            }
        }
        if (file.has("quantization_config")) {
            throw file.refused("quantization_config", "given", "none: weights are F32, F64, F16 or BF16");
        }
        for (String option : List.of("add_cross_attention", "is_encoder_decoder", "pruned_heads")) {
            file.refuse(option);
        }
        int vocabulary = file.size("vocab_size", LARGEST);
        Set<Integer> eos = new LinkedHashSet<>(file.ids("eos_token_id", vocabulary));
        generation.ifPresent(more -> eos.addAll(more.ids("eos_token_id", vocabulary)));
        OptionalInt bos = file.ids("bos_token_id", vocabulary).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
        return family == Family.GPT2
                ? Gpt2Config.read(file, vocabulary, List.copyOf(eos), bos)
                : LlamaConfig.read(file, family, vocabulary, List.copyOf(eos), bos);
    }

    private static Family family(JsonFile file) {
        String type = file.text("model_type");
        return Family.ofModelType(type)
                .orElseThrow(() -> file.refused(
                        "model_type",
                        type,
                        Arrays.stream(Family.values()).map(Family::modelType).collect(Collectors.joining(", "))));
    }

    /**
     * Writes the file for a model that was not loaded, or whose shape has changed.
     *
     * @param type in which the weights are saved beside it
     */
    public static void write(Path directory, TransformerConfig config, ElementType type) {
        write(directory, config, type, KeptFiles.none());
    }

    /**
     * Writes the file as it was when the model was loaded, but for the type of the weights; anew where that would say something else.
     *
     * @param kept of the directory that the model was loaded from
     * @throws ModelFileException if it cannot be written, or the keys of the family cannot say what the model is
     */
    public static void write(Path directory, TransformerConfig config, ElementType type, KeptFiles kept) {
        ObjectNode root = kept.file(NAME)
                .filter(file -> read(file, kept.file(GENERATION)).equals(config))
                .map(JsonFile::copy)
                .orElseGet(() -> readable(directory.resolve(NAME), config));
        root.put(root.has("dtype") ? "dtype" : "torch_dtype", type.torchName());
        WholeFile.writeText(directory.resolve(NAME), PrettyJson.text(root));
    }

    /** What would be read back as another model must not be written. */
    private static ObjectNode readable(Path path, TransformerConfig config) {
        ObjectNode root = fresh(config);
        TransformerConfig read = read(JsonFile.of(path, root), Optional.empty());
        if (!read.equals(config)) {
            throw new ModelFileException("cannot write " + path + ": "
                    + config.family().modelType() + " has no keys for " + config + "; it would be read as " + read);
        }
        return root;
    }

    private static ObjectNode fresh(TransformerConfig config) {
        ObjectNode root = PrettyJson.object();
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
        root.put("torch_dtype", "float32");
        root.put("use_cache", true);
        root.put("vocab_size", config.vocabulary());
        return sorted(root);
    }

    private static ObjectNode sorted(ObjectNode root) {
        ObjectNode sorted = PrettyJson.object();
        root.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> sorted.set(e.getKey(), e.getValue()));
        return sorted;
    }
}
