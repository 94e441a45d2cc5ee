// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.network;

import java.util.Map;
import org.sextant.api.random.Stream;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.text.ModelTokenizer;

/** A network that a configuration describes and nobody has made yet. */
public interface NetworkRecipe {
    /** Its shape for a vocabulary, known without making it. */
    NetworkShape shape(ModelTokenizer tokenizer);

    /**
     * Makes it, with fresh weights drawn from the stream: the same stream gives the same bits.
     *
     * @throws org.sextant.models.files.ModelFileException if files that the configuration names do not fit
     */
    Network fresh(ModelTokenizer tokenizer, Kernels kernels, Stream stream);

    /** What the provider wants to know when it opens the saved network again. */
    default Map<String, String> settings() {
        return Map.of();
    }
}
