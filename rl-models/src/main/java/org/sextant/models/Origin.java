// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.nio.file.Path;
import java.util.Optional;
import org.sextant.models.files.ElementType;
import org.sextant.models.files.KeptFiles;
import org.sextant.models.files.ModelConfigFile;
import org.sextant.models.transformer.TransformerConfig;

/**
 * Where a model comes from.
 *
 * @param directory empty if it was never saved
 * @param weights identity of the weights that were saved there, if it is known
 * @param kept what was there besides weights
 */
record Origin(String directory, Optional<String> weights, KeptFiles kept) {
    static final Origin FRESH = new Origin("", Optional.empty(), KeptFiles.none());

    static Origin of(Path directory, Optional<String> weights) {
        return new Origin(directory.toString(), weights, KeptFiles.of(directory));
    }

    /** Writes what a model's directory has besides weights. */
    void save(Path to, TransformerConfig config, ElementType type) {
        kept.writeTo(to);
        ModelConfigFile.write(to, config, type, kept);
    }
}
