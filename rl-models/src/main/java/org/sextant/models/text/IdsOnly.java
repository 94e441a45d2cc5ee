// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.text;

import java.util.OptionalInt;
import org.sextant.api.model.Tokenizer;

/**
 * Stands where a decoder wants a tokenizer but tokens are ids and nothing else: replayed cases, benchmarks. No text is ever made, and no id
 * ends an answer unless the caller's stop rule says so.
 *
 * @param vocabularySize number of ids
 */
public record IdsOnly(int vocabularySize) implements Tokenizer {
    @Override
    public int[] encode(String text) {
        throw new UnsupportedOperationException("there are token ids alone here, no text to encode");
    }

    @Override
    public String decode(int[] ids) {
        throw new UnsupportedOperationException("there are token ids alone here, no text to decode");
    }

    @Override
    public int eos() {
        return 0;
    }

    @Override
    public OptionalInt bos() {
        return OptionalInt.empty();
    }
}
