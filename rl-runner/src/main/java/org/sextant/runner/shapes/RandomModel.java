// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.shapes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.LanguageModel;
import org.sextant.models.files.KeptFiles;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.files.SaveFormat;
import org.sextant.models.files.WholeDirectory;
import org.sextant.models.files.WholeFile;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.text.BpeTokenizer;
import org.sextant.models.text.ModelTokenizer;
import org.sextant.models.text.Tokenizers;
import org.sextant.models.transformer.TransformerConfig;

/**
 * A model of random weights in a directory, as the Hugging Face hub has models: to measure time and memory with, or to try settings, before the
 * real weights are there.
 *
 * @param shape one of {@link PublishedShapes#NAMES}, or a {@code config.json}
 * @param tokenizer directory of the tokenizer that it gets; it may have fewer ids than the shape
 * @param eos token that ends a text, where the tokenizer's files do not say
 * @param format of the weights
 * @param seed of the weights
 */
public record RandomModel(String shape, Optional<Path> tokenizer, String eos, SaveFormat format, long seed) {
    /**
     * Makes it.
     *
     * @param directory that is empty or not there; it stays so if anything is wrong
     * @return what it is
     * @throws IllegalArgumentException if there is something in the directory, or there is no such shape
     * @throws org.sextant.models.files.ModelFileException if the tokenizer cannot be read or does not fit
     */
    public TransformerConfig write(Path directory, Kernels kernels) {
        ObjectNode config = PublishedShapes.config(shape);
        return WholeDirectory.write(directory, to -> write(config, to, kernels));
    }

    private TransformerConfig write(ObjectNode config, Path directory, Kernels kernels) {
        Optional<ModelTokenizer> itsTokenizer = tokenizer.map(from -> copied(from, directory));
        itsTokenizer.ifPresent(t -> sayEnds(config, t));
        WholeFile.writeText(directory.resolve(ModelConfigFile.NAME), config + "\n");
        TransformerConfig read = ModelConfigFile.read(directory);
        try (LanguageModel model =
                LanguageModel.fresh(read, Set.of(), kernels, new Streams(seed).open(StreamKey.of("init")))) {
            itsTokenizer.ifPresent(model::requireFits);
            model.save(directory, format);
        }
        return read;
    }

    private ModelTokenizer copied(Path from, Path directory) {
        if (!Files.exists(from.resolve(BpeTokenizer.FILE))) {
            throw new IllegalArgumentException(from + " has no " + BpeTokenizer.FILE);
        }
        KeptFiles.of(from).writeTo(directory);
        boolean says = Files.exists(directory.resolve("tokenizer_config.json"))
                || Files.exists(directory.resolve("special_tokens_map.json"));
        if (!says) {
            WholeFile.writeText(
                    directory.resolve("tokenizer_config.json"),
                    PublishedShapes.object().put("eos_token", eos) + "\n");
        }
        return Tokenizers.read(directory);
    }

    /** The ids of the shape's own tokenizer would mean something else. */
    private static void sayEnds(ObjectNode config, ModelTokenizer tokenizer) {
        ArrayNode ends = config.putArray("eos_token_id").add(tokenizer.eos());
        tokenizer.eosIds().stream().sorted().filter(id -> id != tokenizer.eos()).forEach(ends::add);
        config.put(
                "bos_token_id",
                tokenizer.bos().isPresent() ? (Integer) tokenizer.bos().getAsInt() : null);
    }
}
