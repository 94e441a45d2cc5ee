// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code sextant_base.json} beside an adapter: which weights it was trained on, so that they are known again wherever they lie. A file of its own,
 * because PEFT knows all keys of {@link AdapterConfigFile}.
 */
public final class AdapterBaseFile {
    static final String NAME = "sextant_base.json";
    private static final String WEIGHTS = "weights_sha256";

    private AdapterBaseFile() {}

    /**
     * {@link Sha256#ofWeights} of what the adapter in a directory is for; empty if it was made elsewhere.
     *
     * @throws ModelFileException if the file is damaged
     */
    public static Optional<String> read(Path directory) {
        Path file = directory.resolve(NAME);
        return Files.exists(file) ? Optional.of(JsonFile.read(file).text(WEIGHTS)) : Optional.empty();
    }

    /** @param weights {@link Sha256#ofWeights} of what the adapter is for */
    public static void write(Path directory, String weights) {
        WholeFile.writeText(
                directory.resolve(NAME), PrettyJson.text(PrettyJson.object().put(WEIGHTS, weights)));
    }
}
