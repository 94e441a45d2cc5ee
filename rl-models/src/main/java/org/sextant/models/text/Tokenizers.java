// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sextant.models.files.AdapterConfigFile;
import org.sextant.models.files.ModelFileException;

/** Finds the tokenizer of a saved model by the files in its directory: the one place that knows which kinds there are. */
public final class Tokenizers {
    /** Files of tokenizers that are not read here, but that {@code transformers} turns into one that is. */
    private static final List<String> OTHERS = List.of("tokenizer.model", "vocab.json", "merges.txt", "vocab.txt");

    private Tokenizers() {}

    /**
     * The tokenizer of a model, or of what an adapter is for if it has none of its own.
     *
     * @throws ModelFileException if there is none, or it is damaged, or asks for something that is not built here
     */
    public static ModelTokenizer read(Path directory) {
        return readIfThere(directory)
                .orElseThrow(() -> new ModelFileException(directory + " has no tokenizer: there is neither "
                        + BpeTokenizer.FILE + " (models from the Hugging Face hub) nor " + CharacterTokenizer.FILE
                        + " (models that began here)" + convertible(directory)));
    }

    /** The same; empty if there is none. */
    public static Optional<ModelTokenizer> readIfThere(Path directory) {
        boolean characters = Files.exists(directory.resolve(CharacterTokenizer.FILE));
        boolean hub = Files.exists(directory.resolve(BpeTokenizer.FILE));
        if (characters && hub) {
            throw new ModelFileException(directory + " has two tokenizers, " + CharacterTokenizer.FILE + " and "
                    + BpeTokenizer.FILE + "; remove the one that is not the model's");
        }
        if (characters) {
            return Optional.of(CharacterTokenizer.load(directory));
        }
        if (hub) {
            return Optional.of(BpeTokenizer.load(directory));
        }
        return AdapterConfigFile.isIn(directory)
                ? readIfThere(AdapterConfigFile.read(directory).requireBase(directory))
                : Optional.empty();
    }

    private static String convertible(Path directory) {
        String found = OTHERS.stream()
                .filter(name -> Files.exists(directory.resolve(name)))
                .collect(Collectors.joining(", "));
        return found.isEmpty()
                ? ""
                : "; it has " + found
                        + ": let AutoTokenizer.from_pretrained(…).save_pretrained(…) of transformers make "
                        + BpeTokenizer.FILE + " of it";
    }
}
