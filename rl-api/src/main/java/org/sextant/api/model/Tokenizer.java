// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.OptionalInt;
import java.util.Set;

/** Text to token ids and back. */
public interface Tokenizer {
    /** Ids of a text, without special tokens added. Fails with the character or piece that has no id. */
    int[] encode(String text);

    /** The text of ids; special tokens are left out. */
    String decode(int[] ids);

    /** Number of ids, special ones included: ids are 0 to one less. A model may have more of them; those are never sampled. */
    int vocabularySize();

    /** The end-of-sequence id that is written behind a text. */
    int eos();

    /** All ids that end an answer, {@link #eos} among them: models for conversations have several. */
    default Set<Integer> eosIds() {
        return Set.of(eos());
    }

    /** The beginning-of-sequence id, for models that want one before each prompt. */
    OptionalInt bos();

    /** Ids of a text with which a sequence begins: behind the beginning-of-sequence id, if there is one. */
    default int[] encodePrompt(String text) {
        int[] ids = encode(text);
        if (bos().isEmpty()) {
            return ids;
        }
        int[] prompt = new int[ids.length + 1];
        prompt[0] = bos().getAsInt();
        System.arraycopy(ids, 0, prompt, 1, ids.length);
        return prompt;
    }
}
