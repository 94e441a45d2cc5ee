// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.sextant.api.model.Tokenizer;

class AnswerTextTest {
    /** One token a UTF-8 byte, as a byte-level tokenizer may fall back to. */
    private static final class Bytes implements Tokenizer {
        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int[] ids = new int[bytes.length];
            Arrays.setAll(ids, i -> bytes[i] & 0xff);
            return ids;
        }

        @Override
        public String decode(int[] ids) {
            var bytes = new ByteArrayOutputStream();
            for (int id : ids) {
                bytes.write(id);
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public int vocabularySize() {
            return 256;
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

    private static int firstStop(String prompt, String answer, String... strings) {
        var tokenizer = new Bytes();
        int[] tokens = tokenizer.encode(prompt + answer);
        int start = tokenizer.encode(prompt).length;
        var text = new AnswerText(tokenizer, List.of(strings), start);
        for (int length = start + 1; length <= tokens.length; length++) {
            if (text.containsAfter(tokens, length)) {
                return length - start;
            }
        }
        return -1;
    }

    @Test
    void findsAStringThatSpansTokens() {
        assertThat(firstStop("Q: ", "42\n\nQ: next", "\n\n")).isEqualTo(4);
        assertThat(firstStop("Q: ", "42\nQ", "\n\n", "Q")).isEqualTo(4);
        assertThat(firstStop("Q: ", "42", "43", "22")).isEqualTo(-1);
    }

    @Test
    void charactersOfSeveralBytesAreReadWhole() {
        assertThat(firstStop("", "aé→b", "→")).isEqualTo(6);
        assertThat(firstStop("", "aé→😀b", "😀b")).isEqualTo(11);
        assertThat(firstStop("", "aé→b", "é→b")).isEqualTo(7);
    }

    @Test
    void thePromptDoesNotCount() {
        assertThat(firstStop("x\n", "\ny", "\n\n")).isEqualTo(-1);
    }

    @Test
    void overlappingBeginningsAreNotMissed() {
        assertThat(firstStop("", "aaab", "aab")).isEqualTo(4);
        assertThat(firstStop("", "ababac", "abac")).isEqualTo(6);
    }
}
