// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import java.nio.file.Path;
import org.sextant.api.model.Tokenizer;

/** A tokenizer that lies in a model's directory; {@link Tokenizers} reads it. Two are equal if they turn every text into the same ids. */
public sealed interface ModelTokenizer extends Tokenizer permits CharacterTokenizer, BpeTokenizer {
    /** Writes its files into a model's directory, each completely or not at all. */
    void save(Path directory);
}
