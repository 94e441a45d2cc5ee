// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TokenizerTest {
    /** Ids are code points. */
    private record CodePoints(OptionalInt bos) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return text.codePoints().toArray();
        }

        @Override
        public String decode(int[] ids) {
            return new String(ids, 0, ids.length);
        }

        @Override
        public int vocabularySize() {
            return Character.MAX_CODE_POINT + 1;
        }

        @Override
        public int eos() {
            return 4;
        }
    }

    @Test
    void promptsBeginWithTheBeginningOfSequenceOfModelsThatHaveOne() {
        assertThat(new CodePoints(OptionalInt.of(2)).encodePrompt("ab")).containsExactly(2, 'a', 'b');
        assertThat(new CodePoints(OptionalInt.of(2)).encodePrompt("")).containsExactly(2);
        assertThat(new CodePoints(OptionalInt.empty()).encodePrompt("ab")).containsExactly('a', 'b');
    }
}
